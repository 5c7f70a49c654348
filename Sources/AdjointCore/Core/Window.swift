/// A size for each spatial dimension: an `Int` for all of them alike, or an array with one entry
/// a dimension.
public protocol SpatialSize: Sendable {
    /// One entry for all dimensions, or one for each.
    var spatialSizes: [Int] { get }
}

extension Int: SpatialSize {
    public var spatialSizes: [Int] { [self] }
}

extension [Int]: SpatialSize {
    public var spatialSizes: [Int] { self }
}

/// What a convolution adds around its input: a number of zeros, or a rule.
public protocol ConvolutionPadding: Sendable {
    /// The rule, or the zeros of each dimension.
    var convolutionPadding: Padding { get }
}

/// The zeros around the input of a convolution.
public enum Padding: ConvolutionPadding, Hashable {
    /// On both sides of each dimension.
    case zeros([Int])
    /// As many as keep the size; where their number is odd, the last side gets the extra one.
    case sameSize
    /// None.
    case none

    public var convolutionPadding: Padding { self }
}

extension ConvolutionPadding where Self == Padding {
    /// As many zeros as keep the size, with a stride of 1.
    public static var same: Padding { .sameSize }
    /// No zeros.
    public static var valid: Padding { .none }
}

extension Int: ConvolutionPadding {
    public var convolutionPadding: Padding { .zeros([self]) }
}

extension [Int]: ConvolutionPadding {
    public var convolutionPadding: Padding { .zeros(self) }
}

/// How a window moves over the last dimensions of a tensor, one entry a dimension.
struct Window: Sendable, Hashable {
    let kernel: [Int]
    let stride: [Int]
    let padding: [Int]
    let dilation: [Int]

    var dims: Int { kernel.count }

    /// Entries that stay far from overflow when they are multiplied.
    private static let largest = 1 << 30

    init(
        _ dims: Int, kernel: any SpatialSize, stride: any SpatialSize, padding: any SpatialSize = 0,
        dilation: any SpatialSize = 1
    ) throws(TensorError) {
        self.kernel = try Window.sizes(kernel, dims, "kernelSize", atLeast: 1)
        self.stride = try Window.sizes(stride, dims, "stride", atLeast: 1)
        self.padding = try Window.sizes(padding, dims, "padding", atLeast: 0)
        self.dilation = try Window.sizes(dilation, dims, "dilation", atLeast: 1)
    }

    private static func sizes(
        _ value: any SpatialSize, _ dims: Int, _ name: String, atLeast least: Int
    ) throws(TensorError) -> [Int] {
        let given = value.spatialSizes
        let sizes = given.count == 1 ? [Int](repeating: given[0], count: dims) : given
        if sizes.count != dims {
            throw TensorError(
                .argument,
                "\(name) takes one number or \(dims), one a spatial dimension; got \(given)")
        }
        if let bad = sizes.first(where: { $0 < least || $0 > largest }) {
            throw TensorError(
                .argument, "\(name) must be between \(least) and \(largest), but is \(bad)")
        }
        return sizes
    }

    /// How many positions the kernel spans along dimension `i`, gaps included.
    func reach(_ i: Int) -> Int { dilation[i] * (kernel[i] - 1) + 1 }

    /// The sizes that a window over `input` leaves. In `ceilMode` a last window may begin inside
    /// the input, or its first padding, and end beyond.
    func outputSizes(_ input: [Int], ceilMode: Bool = false) throws(TensorError) -> [Int] {
        var sizes: [Int] = []
        for i in 0..<dims {
            let room = input[i] &+ (2 * padding[i] - reach(i))
            var size = room < 0 ? 0 : room / stride[i] + 1
            if ceilMode, room > -stride[i] {
                size = (room &+ (stride[i] - 1)) / stride[i] + 1
                if (size - 1) &* stride[i] >= input[i] &+ padding[i] { size -= 1 }
            }
            if size < 1 {
                throw TensorError(
                    .shape,
                    "the kernel does not fit: a window of \(reach(i)) over a dimension of "
                        + "\(input[i]) with \(padding[i]) of padding on both sides leaves no "
                        + "position")
            }
            sizes.append(size)
        }
        return sizes
    }
}
