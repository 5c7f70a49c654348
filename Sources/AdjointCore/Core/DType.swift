/// The type of a tensor's elements.
///
/// The raw values are the codes that the C kernels use for the same types.
public enum DType: Int32, Sendable, CaseIterable, CustomStringConvertible {
    /// Floating point of 4 bytes: 24 bits of precision, up to 3.4e38.
    case float32
    /// Floating point of 8 bytes: 53 bits of precision, up to 1.8e308.
    case float64
    /// Floating point of 2 bytes: 11 bits of precision, up to 65504. Computes in float32 inside.
    case float16
    /// Floating point of 2 bytes: 8 bits of precision, the range of float32, in which it computes.
    case bfloat16
    /// Whole numbers of 8 bytes: positions, labels, counts.
    case int64
    /// Whole numbers of 4 bytes.
    case int32
    /// Whole numbers of 2 bytes.
    case int16
    /// Whole numbers of one byte, -128...127.
    case int8
    /// Whole numbers of one byte, 0...255: the elements of images.
    case uint8
    /// Truth values, of one byte each.
    case bool

    /// Bytes an element.
    public var itemSize: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16, .int16: 2
        case .int8, .uint8, .bool: 1
        }
    }

    /// True for the four floating-point types, the only ones that carry gradients.
    public var isFloatingPoint: Bool { rawValue <= DType.bfloat16.rawValue }

    /// True for the integer types; false for `bool`.
    public var isInteger: Bool { !isFloatingPoint && self != .bool }

    /// The case's name, `float32` and so on.
    public var description: String {
        switch self {
        case .float32: "float32"
        case .float64: "float64"
        case .float16: "float16"
        case .bfloat16: "bfloat16"
        case .int64: "int64"
        case .int32: "int32"
        case .int16: "int16"
        case .int8: "int8"
        case .uint8: "uint8"
        case .bool: "bool"
        }
    }

    /// The type that arithmetic runs in: float32 for the half-width floats, itself otherwise.
    var computeType: DType {
        self == .float16 || self == .bfloat16 ? .float32 : self
    }
}

extension DType {
    /// The kinds of number, in the order in which promotion ranks them.
    enum Category: Int { case bool, integer, floating }

    var category: Category {
        isFloatingPoint ? .floating : self == .bool ? .bool : .integer
    }

    /// The smallest type that holds both, by PyTorch's promotion table.
    public static func promote(_ a: DType, _ b: DType) -> DType {
        if a == b { return a }
        if a.category != b.category { return a.category.rawValue > b.category.rawValue ? a : b }
        switch a.category {
        case .bool:
            return .bool
        case .floating:
            // Neither half-width float holds the other: their common type is float32.
            if a == .float64 || b == .float64 { return .float64 }
            return .float32
        case .integer:
            // An unsigned byte needs one more bit than a signed one has.
            if (a == .uint8 && b == .int8) || (a == .int8 && b == .uint8) { return .int16 }
            return a.itemSize > b.itemSize ? a : a.itemSize < b.itemSize ? b : (a == .uint8 ? b : a)
        }
    }
}
