/// A Swift number or truth value that stands for a 0-dimensional tensor.
public protocol TensorScalar: Sendable {
    /// The type of a tensor made of values of this type.
    static var tensorDType: DType { get }
    /// The number, without its Swift type.
    var scalar: Scalar { get }
    /// The number in this type; rounded, cut or saturated as Swift's conversions do.
    init(scalar: Scalar)
}

/// A number outside any tensor, in the widest type of its kind.
public enum Scalar: Sendable, Hashable {
    /// A whole number.
    case int(Int64)
    /// A floating-point number.
    case float(Double)
    /// A truth value.
    case bool(Bool)

    /// The value as float64: whole numbers are rounded to it, true is 1.
    public var double: Double {
        switch self {
        case .int(let value): Double(value)
        case .float(let value): value
        case .bool(let value): value ? 1 : 0
        }
    }

    /// The value as an integer: fractions are cut, values out of range saturate, NaN gives 0.
    public var int: Int64 {
        switch self {
        case .int(let value): value
        case .float(let value):
            value.isNaN
                ? 0 : Int64(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
        case .bool(let value): value ? 1 : 0
        }
    }

    /// Whether the value is other than 0; NaN is.
    public var bool: Bool {
        switch self {
        case .int(let value): value != 0
        case .float(let value): value != 0
        case .bool(let value): value
        }
    }

    /// The type that a wrapped number has before promotion.
    var dtype: DType {
        switch self {
        case .int: .int64
        case .float: .float64
        case .bool: .bool
        }
    }
}

extension TensorScalar where Self: BinaryFloatingPoint {
    public var scalar: Scalar { .float(Double(self)) }
    public init(scalar: Scalar) { self = Self(scalar.double) }
}

extension TensorScalar where Self: FixedWidthInteger {
    public var scalar: Scalar { .int(Int64(truncatingIfNeeded: self)) }
    public init(scalar: Scalar) { self = Self(truncatingIfNeeded: scalar.int) }
}

extension Float: TensorScalar { public static var tensorDType: DType { .float32 } }
extension Double: TensorScalar { public static var tensorDType: DType { .float64 } }
extension Int: TensorScalar { public static var tensorDType: DType { .int64 } }
extension Int64: TensorScalar { public static var tensorDType: DType { .int64 } }
extension Int32: TensorScalar { public static var tensorDType: DType { .int32 } }
extension Int16: TensorScalar { public static var tensorDType: DType { .int16 } }
extension Int8: TensorScalar { public static var tensorDType: DType { .int8 } }
extension UInt8: TensorScalar { public static var tensorDType: DType { .uint8 } }
extension Bool: TensorScalar {
    public static var tensorDType: DType { .bool }
    public var scalar: Scalar { .bool(self) }
    public init(scalar: Scalar) { self = scalar.bool }
}
#if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    extension Float16: TensorScalar { public static var tensorDType: DType { .float16 } }
#endif
