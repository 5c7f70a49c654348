public import AdjointCore

/// A change of an image [channels, height, width], or of a batch of them
/// [count, channels, height, width].
///
/// A random one draws from the current generator, once for all images of a batch; in a dataset
/// behind a `DataLoader` each example draws for itself. All are programs of tensor operations, so
/// gradients pass. On other shapes they raise an error of kind `.shape`.
public protocol ImageTransform: Sendable {
    /// The changed image, or the batch with each of its images changed.
    func callAsFunction(_ image: Tensor) -> Tensor
}

/// Several transforms, one after another.
public struct Compose: ImageTransform {
    /// The transforms, in order.
    public let steps: [any ImageTransform]

    /// The transforms of an array, one after another.
    public init(_ steps: [any ImageTransform]) { self.steps = steps }
    /// These transforms, one after another.
    public init(_ steps: any ImageTransform...) { self.init(steps) }

    public func callAsFunction(_ image: Tensor) -> Tensor {
        steps.reduce(image) { $1($0) }
    }
}

/// A transform of one's own.
public struct FunctionTransform: ImageTransform {
    private let function: @Sendable (Tensor) -> Tensor

    /// The transform that `function` computes.
    public init(_ function: @escaping @Sendable (Tensor) -> Tensor) { self.function = function }

    public func callAsFunction(_ image: Tensor) -> Tensor { function(image) }
}

/// float32, bytes and other integers divided by the largest number that their type holds: 0...1.
public struct ToFloat: ImageTransform {
    /// The conversion to 0...1.
    public init() {}

    public func callAsFunction(_ image: Tensor) -> Tensor {
        let floats = image.to(.float32)
        switch image.dtype {
        case .uint8: return floats / 255
        case .int8: return floats / 127
        case .int16: return floats / 32_767
        case .int32: return floats / 2_147_483_647
        case .int64: return floats / 9_223_372_036_854_775_807.0
        default: return floats
        }
    }
}

extension Dataset where Example == (Tensor, Tensor) {
    /// The examples, the inputs changed by `transform` when they are read.
    public func map(
        inputs transform: some ImageTransform
    ) -> MappedDataset<Self, (Tensor, Tensor)> {
        MappedDataset(self) { (transform($0), $1) }
    }
}

/// The size of an image or a batch of them.
struct ImageSize {
    let channels: Int
    let height: Int
    let width: Int

    /// Nil, and an error, for other shapes; nil for what a failed operation left.
    init?(_ image: Tensor, _ operation: String) {
        if image.isPoisoned { return nil }
        guard image.ndim == 3 || image.ndim == 4 else {
            Failure.raise(
                TensorError(
                    .shape,
                    "expected an image [channels, height, width] or a batch of them, but got shape "
                        + "\(image.shape)", operation: operation))
            return nil
        }
        let sizes = Array(image.shape.suffix(3))
        (channels, height, width) = (sizes[0], sizes[1], sizes[2])
    }
}

/// The two numbers that a size means, height and width; zeros, and an error, for another count or
/// a number below `least`.
func heightAndWidth(_ size: some SpatialSize, least: Int = 1, _ operation: String) -> (Int, Int) {
    let sizes = size.spatialSizes
    guard (1...2).contains(sizes.count), let first = sizes.first, let last = sizes.last,
        sizes.allSatisfy({ $0 >= least && $0 <= 1 << 24 })
    else {
        Failure.raise(
            TensorError(
                .argument,
                "expected one number, or height and width, from \(least) to 2²⁴, but got \(sizes)",
                operation: operation))
        return (least, least)
    }
    return (first, last)
}

/// A number uniform in [0, 1), from the current generator.
func randomUnit() -> Double { Tensor.rand(1, dtype: .float64).item() }

/// Whether `probability` lies in 0...1; an error where not.
func checkedProbability(_ probability: Double, _ operation: String) -> Double {
    if !(probability >= 0 && probability <= 1) {
        Failure.raise(
            TensorError(
                .argument, "the probability \(probability) must lie in 0...1",
                operation: operation))
    }
    return probability
}
