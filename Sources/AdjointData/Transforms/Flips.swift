public import AdjointCore

/// The image with left and right exchanged.
public struct HorizontalFlip: ImageTransform {
    /// Left and right exchanged.
    public init() {}

    public func callAsFunction(_ image: Tensor) -> Tensor {
        ImageSize(image, "HorizontalFlip") == nil ? image : image.flip(-1)
    }
}

/// The image with top and bottom exchanged.
public struct VerticalFlip: ImageTransform {
    /// Top and bottom exchanged.
    public init() {}

    public func callAsFunction(_ image: Tensor) -> Tensor {
        ImageSize(image, "VerticalFlip") == nil ? image : image.flip(-2)
    }
}

/// With the given probability the image with left and right exchanged, else the image.
public struct RandomHorizontalFlip: ImageTransform {
    /// How likely the exchange is.
    public let probability: Double

    /// - Errors: `.argument` for a probability outside 0...1.
    public init(_ probability: Double = 0.5) {
        self.probability = checkedProbability(probability, "RandomHorizontalFlip")
    }

    public func callAsFunction(_ image: Tensor) -> Tensor {
        randomUnit() < probability ? HorizontalFlip()(image) : image
    }
}

/// With the given probability the image with top and bottom exchanged, else the image.
public struct RandomVerticalFlip: ImageTransform {
    /// How likely the exchange is.
    public let probability: Double

    /// - Errors: `.argument` for a probability outside 0...1.
    public init(_ probability: Double = 0.5) {
        self.probability = checkedProbability(probability, "RandomVerticalFlip")
    }

    public func callAsFunction(_ image: Tensor) -> Tensor {
        randomUnit() < probability ? VerticalFlip()(image) : image
    }
}
