import AdjointCore

/// Which channels an image is read with.
public enum ImageMode: Sendable, Hashable {
    /// Those that the file has.
    case unchanged
    /// Brightness alone, (299 R + 587 G + 114 B) / 1000, rounded (ITU-R BT.601).
    case gray
    /// Brightness and opacity.
    case grayAlpha
    /// Red, green and blue.
    case rgb
    /// Red, green, blue and opacity.
    case rgbAlpha

    /// The number of channels; nil for whatever there are.
    var channels: Int? {
        switch self {
        case .unchanged: nil
        case .gray: 1
        case .grayAlpha: 2
        case .rgb: 3
        case .rgbAlpha: 4
        }
    }
}

/// Pixels of one byte a channel, row after row: gray, gray and alpha, RGB, or RGB and alpha.
struct Pixels {
    let height: Int
    let width: Int
    let channels: Int
    let memory: FileMemory

    /// The most pixels that an image may have.
    static let most = 1 << 28

    init(height: Int, width: Int, channels: Int) {
        self.height = height
        self.width = width
        self.channels = channels
        memory = FileMemory(byteCount: height * width * channels)
    }

    /// The same in other channels. Alpha is dropped without mixing in a background, or opaque.
    func converted(to mode: ImageMode) -> Pixels {
        guard let wanted = mode.channels, wanted != channels else { return self }
        let result = Pixels(height: height, width: width, channels: wanted)
        var source = memory.memory.assumingMemoryBound(to: UInt8.self)
        var target = result.memory.memory.assumingMemoryBound(to: UInt8.self)
        let isColored = channels >= 3
        for _ in 0..<(height * width) {
            let alpha = channels % 2 == 0 ? source[channels - 1] : 255
            if wanted >= 3 {
                for i in 0..<3 { target[i] = isColored ? source[i] : source[0] }
            } else if isColored {
                // The weights in 65,536ths, as the JPEG standard's programs have them.
                let sum = 19_595 * Int(source[0]) + 38_470 * Int(source[1]) + 7_471 * Int(source[2])
                target[0] = UInt8(truncatingIfNeeded: (sum + 32_768) >> 16)
            } else {
                target[0] = source[0]
            }
            if wanted % 2 == 0 { target[wanted - 1] = alpha }
            source += channels
            target += wanted
        }
        return result
    }

    /// uint8 [channels, height, width].
    var tensor: Tensor {
        let flat = Tensor(
            memory, 0..<memory.count, shape: [height, width, channels], dtype: .uint8)
        return flat.permute(2, 0, 1).contiguous()
    }
}
