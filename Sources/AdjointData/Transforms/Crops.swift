public import AdjointCore

/// A rectangle cut out of the image. Same as `torchvision.transforms.functional.crop`: what lies
/// outside is 0.
public struct Crop: ImageTransform {
    /// The first row.
    public let top: Int
    /// The first column.
    public let left: Int
    /// How many rows.
    public let height: Int
    /// How many columns.
    public let width: Int

    /// - Errors: `.argument` for a height or width below 1.
    public init(top: Int, left: Int, height: Int, width: Int) {
        self.top = top
        self.left = left
        (self.height, self.width) = heightAndWidth([height, width], "Crop")
    }

    public func callAsFunction(_ image: Tensor) -> Tensor {
        guard let size = ImageSize(image, "Crop") else { return image }
        // An end that an Int does not count lies behind every image.
        let bottom = top > Int.max - height ? Int.max : top + height
        let right = left > Int.max - width ? Int.max : left + width
        if top >= 0, left >= 0, bottom <= size.height, right <= size.width {
            return image.narrow(dim: -2, start: top, length: height)
                .narrow(dim: -1, start: left, length: width)
        }
        // Far outside, counts of positions to take away would pass the opposite border.
        guard bottom > 0, right > 0, top < size.height, left < size.width else {
            return Tensor.zeros(
                Array(image.shape.dropLast(2)) + [height, width], dtype: image.dtype,
                device: image.device)
        }
        return pad(image, [-left, right - size.width, -top, bottom - size.height])
    }
}

/// The middle of the image; what is missing of a smaller one is 0.
public struct CenterCrop: ImageTransform {
    private let height: Int
    private let width: Int

    /// - Parameter size: Height and width, or one number for both.
    /// - Errors: `.argument` for a size below 1.
    public init(_ size: some SpatialSize) {
        (height, width) = heightAndWidth(size, "CenterCrop")
    }

    public func callAsFunction(_ image: Tensor) -> Tensor {
        guard let size = ImageSize(image, "CenterCrop") else { return image }
        return Crop(
            top: middle(size.height, height), left: middle(size.width, width), height: height,
            width: width)(image)
    }

    /// Where the crop begins. Half a position goes to the even side inside, outside to the front.
    private func middle(_ whole: Int, _ part: Int) -> Int {
        whole >= part
            ? Int((Double(whole - part) / 2).rounded(.toNearestOrEven)) : -((part - whole) / 2)
    }
}

/// A part of the image at a random place.
public struct RandomCrop: ImageTransform {
    private let height: Int
    private let width: Int
    private let border: (vertical: Int, horizontal: Int)
    /// What stands around the image.
    public let paddingMode: PaddingMode
    /// What `constant` padding holds.
    public let fill: Double
    /// Whether a smaller image is filled up to the size.
    public let padIfNeeded: Bool

    /// - Parameters:
    ///   - size: Height and width, or one number for both.
    ///   - padding: What is put around the image first: rows above and below, columns on both
    ///     sides, or one number for both.
    ///   - padIfNeeded: Whether a smaller image is filled up to the size; else it is an error of
    ///     kind `.shape`.
    ///   - fill: What `constant` padding holds.
    ///   - paddingMode: What stands around the image.
    /// - Errors: `.argument` for a size below 1 or negative padding.
    public init(
        _ size: some SpatialSize, padding: some SpatialSize = 0, padIfNeeded: Bool = false,
        fill: Double = 0, paddingMode: PaddingMode = .constant
    ) {
        (height, width) = heightAndWidth(size, "RandomCrop")
        border = heightAndWidth(padding, least: 0, "RandomCrop")
        self.padIfNeeded = padIfNeeded
        self.fill = fill
        self.paddingMode = paddingMode
    }

    public func callAsFunction(_ image: Tensor) -> Tensor {
        guard let size = ImageSize(image, "RandomCrop") else { return image }
        var (below, beside) = border
        if padIfNeeded {
            below = max(below, height - size.height)
            beside = max(beside, width - size.width)
        }
        var whole = image
        if below > 0 || beside > 0 {
            whole = padded(image, [beside, beside, below, below])
        }
        // What does not fit an Int is negative here, and refused as what does not fit the image.
        let room = (
            size.height &+ 2 &* below &- height, size.width &+ 2 &* beside &- width
        )
        guard room.0 >= 0, room.1 >= 0 else {
            return Failure.poison(
                TensorError(
                    .shape,
                    "a crop of \(height) x \(width) does not fit into an image of shape "
                        + "\(image.shape) with padding \(border.vertical) and "
                        + "\(border.horizontal); padIfNeeded: true fills it up",
                    operation: "RandomCrop"))
        }
        return Crop(
            top: randomIndex(below: room.0 &+ 1), left: randomIndex(below: room.1 &+ 1),
            height: height, width: width)(whole)
    }

    private func padded(_ image: Tensor, _ counts: [Int]) -> Tensor {
        paddingMode == .constant
            ? pad(image, counts, value: fill) : pad(image, counts, mode: paddingMode)
    }
}

/// A part of random size and proportions at a random place, resized. Same as
/// `torchvision.transforms.RandomResizedCrop`.
public struct RandomResizedCrop: ImageTransform {
    private let resize: Resize
    /// The part's share of the image's area.
    public let scale: ClosedRange<Double>
    /// The part's width by its height.
    public let ratio: ClosedRange<Double>

    /// - Parameters:
    ///   - size: Height and width of the result, or one number for both.
    ///   - scale: The part's share of the image's area.
    ///   - ratio: Its width by its height; drawn uniformly in the logarithm.
    ///   - antialias: Whether a smaller image is smoothed first.
    /// - Errors: `.argument` for a size below 1, and ranges that are not positive.
    public init(
        _ size: some SpatialSize, scale: ClosedRange<Double> = 0.08...1,
        ratio: ClosedRange<Double> = 0.75...(4.0 / 3), antialias: Bool = true
    ) {
        let (height, width) = heightAndWidth(size, "RandomResizedCrop")
        let isPositive =
            scale.lowerBound > 0 && ratio.lowerBound > 0 && ratio.upperBound.isFinite
        if !isPositive {
            Failure.raise(
                TensorError(
                    .argument, "scale \(scale) and ratio \(ratio) must be positive",
                    operation: "RandomResizedCrop"))
        }
        resize = Resize([height, width], antialias: antialias)
        self.scale = isPositive ? scale : 1...1
        self.ratio = isPositive ? ratio : 1...1
    }

    public func callAsFunction(_ image: Tensor) -> Tensor {
        guard let size = ImageSize(image, "RandomResizedCrop") else { return image }
        return resize(part(size)(image))
    }

    private func part(_ size: ImageSize) -> Crop {
        let area = Double(size.height) * Double(size.width)
        let (low, high) = (Double.log(ratio.lowerBound), Double.log(ratio.upperBound))
        for _ in 0..<10 {
            let share = scale.lowerBound + (scale.upperBound - scale.lowerBound) * randomUnit()
            let aspect = Double.exp(low + (high - low) * randomUnit())
            let across = (area * share * aspect).squareRoot().rounded()
            let down = (area * share / aspect).squareRoot().rounded()
            // Ranges that are wide enough lead to numbers that no Int is.
            if let width = Int(exactly: across), let height = Int(exactly: down), width >= 1,
                height >= 1, width <= size.width, height <= size.height
            {
                return Crop(
                    top: randomIndex(below: size.height - height + 1),
                    left: randomIndex(below: size.width - width + 1), height: height,
                    width: width)
            }
        }
        // Nothing fits: the middle, as large as the proportions allow.
        let whole = Double(size.width) / Double(size.height)
        var (height, width) = (size.height, size.width)
        if whole < ratio.lowerBound {
            height = Int(exactly: (Double(width) / ratio.lowerBound).rounded()) ?? height
        } else if whole > ratio.upperBound {
            width = Int(exactly: (Double(height) * ratio.upperBound).rounded()) ?? width
        }
        return Crop(
            top: (size.height - height) / 2, left: (size.width - width) / 2,
            height: max(height, 1), width: max(width, 1))
    }
}
