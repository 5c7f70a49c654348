public import AdjointCore

/// The image in another size, bilinear. Same as `torchvision.transforms.Resize` of tensors; bytes
/// are rounded to the nearest.
public struct Resize: ImageTransform {
    private let sizes: [Int]
    /// Whether shrinking weighs all that an element covers.
    public let antialias: Bool

    /// - Parameters:
    ///   - size: Height and width; one number is the shorter side's, and the longer keeps the
    ///     proportions.
    ///   - antialias: Whether a smaller image is smoothed first.
    /// - Errors: `.argument` for a size below 1.
    public init(_ size: some SpatialSize, antialias: Bool = true) {
        let (height, width) = heightAndWidth(size, "Resize")
        sizes = size.spatialSizes.count == 1 ? [height] : [height, width]
        self.antialias = antialias
    }

    public func callAsFunction(_ image: Tensor) -> Tensor {
        guard let size = ImageSize(image, "Resize") else { return image }
        var wanted = sizes
        if let side = sizes.first, sizes.count == 1 {
            let (short, long) = (min(size.height, size.width), max(size.height, size.width))
            let scaled = (Double(side) * Double(long) / Double(short)).rounded(.down)
            // What no Int is, `interpolate` refuses as a size.
            let other = short == 0 ? side : Int(exactly: scaled) ?? Int.max
            wanted = size.height <= size.width ? [side, other] : [other, side]
        }
        if wanted == [size.height, size.width] { return image }
        let batch = image.ndim == 3 ? image.unsqueeze(0) : image
        let resized = interpolate(batch, size: wanted, mode: .bilinear, antialias: antialias)
        return image.ndim == 3 ? resized.squeeze(0) : resized
    }
}
