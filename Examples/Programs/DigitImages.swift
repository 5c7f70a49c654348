public import Adjoint

/// The 1,797 handwritten digits that come along, 8 x 8 pixels each.
public enum DigitImages {
    /// The width and the height of an image.
    public static let side = 8
    /// The darkest value of a pixel; 0 is paper.
    public static let fullInk = 16

    /// All pixels, image after image, row by row, from 0 to 16; and the digits, 0 to 9.
    public static func load() -> (pixels: [Float], labels: [Int]) {
        let pixelCount = side * side
        var pixels: [Float] = []
        var labels: [Int] = []
        text.withUTF8Buffer { bytes in
            let lineLength = pixelCount + 2
            let count = (bytes.count + 1) / lineLength
            pixels.reserveCapacity(count * pixelCount)
            labels.reserveCapacity(count)
            for start in stride(from: 0, to: count * lineLength, by: lineLength) {
                for byte in bytes[start..<(start + pixelCount)] {
                    pixels.append(Float(value(ofDigit: byte)))
                }
                labels.append(value(ofDigit: bytes[start + pixelCount]))
            }
        }
        return (pixels, labels)
    }

    /// Images of [1, 8, 8] from 0 to 1, and their digits.
    public static func dataset() -> TensorDataset {
        let (pixels, labels) = load()
        let images = Tensor(pixels, shape: [labels.count, 1, side, side]) / fullInk
        return TensorDataset(images, Tensor(labels))
    }

    private static func value(ofDigit byte: UInt8) -> Int {
        byte <= UInt8(ascii: "9")
            ? Int(byte) - Int(UInt8(ascii: "0")) : Int(byte) - Int(UInt8(ascii: "a")) + 10
    }
}
