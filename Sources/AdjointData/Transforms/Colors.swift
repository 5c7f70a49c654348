public import AdjointCore

/// Each channel less its mean, divided by its standard deviation.
public struct Normalize: ImageTransform {
    /// What is taken from each channel: one number a channel, or one for all.
    public let mean: [Double]
    /// What each channel is divided by: one number a channel, or one for all.
    public let std: [Double]

    /// - Parameters: One number a channel, or one for all.
    /// - Errors: `.argument` for a standard deviation that is not positive, or unequal counts. On
    ///   an image `.shape` for another number of channels, `.dtype` for integers: `ToFloat` first.
    public init(mean: [Double], std: [Double]) {
        if mean.isEmpty || mean.count != std.count || std.contains(where: { !($0 > 0) }) {
            Failure.raise(
                TensorError(
                    .argument,
                    "expected as many means as standard deviations, all of these above 0, but got "
                        + "\(mean) and \(std)", operation: "Normalize"))
        }
        self.mean = mean
        self.std = std
    }

    public func callAsFunction(_ image: Tensor) -> Tensor {
        guard let size = ImageSize(image, "Normalize") else { return image }
        if !image.dtype.isFloatingPoint {
            return Failure.poison(
                TensorError(
                    .dtype, "an image of \(image.dtype) has no fractions; put ToFloat() before",
                    operation: "Normalize"), like: Dims(image.shape), image.dtype)
        }
        if mean.count != 1 && mean.count != size.channels {
            return Failure.poison(
                TensorError(
                    .shape, "\(mean.count) means do not fit an image of shape \(image.shape)",
                    operation: "Normalize"), like: Dims(image.shape), image.dtype)
        }
        func column(_ numbers: [Double]) -> Tensor {
            Tensor(numbers, shape: [numbers.count, 1, 1], dtype: image.dtype, device: image.device)
        }
        return (image - column(mean)) / column(std)
    }
}

/// The brightness of an image of three channels, 0.2989 R + 0.587 G + 0.114 B (ITU-R BT.601);
/// one of a single channel stays. Integers are rounded.
public struct Grayscale: ImageTransform {
    /// 1, or 3 for as many equal channels.
    public let outputChannels: Int

    /// - Errors: `.argument` unless it is 1 or 3. On an image `.shape` for two channels, or more
    ///   than three.
    public init(outputChannels: Int = 1) {
        if outputChannels != 1 && outputChannels != 3 {
            Failure.raise(
                TensorError(
                    .argument, "outputChannels must be 1 or 3, but is \(outputChannels)",
                    operation: "Grayscale"))
        }
        self.outputChannels = outputChannels == 3 ? 3 : 1
    }

    public func callAsFunction(_ image: Tensor) -> Tensor {
        guard let size = ImageSize(image, "Grayscale") else { return image }
        guard size.channels == 1 || size.channels == 3 else {
            return Failure.poison(
                TensorError(
                    .shape, "expected 1 or 3 channels, but got shape \(image.shape)",
                    operation: "Grayscale"), like: Dims(image.shape), image.dtype)
        }
        var gray = image
        if size.channels == 3 {
            let isWhole = !image.dtype.isFloatingPoint
            let floats = isWhole ? image.to(.float32) : image
            func channel(_ i: Int) -> Tensor { floats.narrow(dim: -3, start: i, length: 1) }
            gray = channel(0) * 0.2989 + channel(1) * 0.587 + channel(2) * 0.114
            if isWhole { gray = gray.round().to(image.dtype) }
        }
        if outputChannels == 1 || gray.isPoisoned { return gray }
        var sizes = gray.shape
        sizes[gray.ndim - 3] = 3
        return gray.expand(sizes)
    }
}
