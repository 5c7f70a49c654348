/// A JSON value, as attributes of operations are.
public enum TraceJSON: Sendable {
    /// Nothing.
    case null
    /// A truth value.
    case bool(Bool)
    /// NaN and the infinities are written as the strings "NaN", "Infinity" and "-Infinity".
    case number(Double)
    /// A text.
    case string(String)
    /// Values in order.
    case array([TraceJSON])
    /// Values by name.
    case object([String: TraceJSON])

    /// The number, also where it is one of the three strings.
    public var number: Double? {
        switch self {
        case .number(let value): value
        case .string("NaN"): .nan
        case .string("Infinity"): .infinity
        case .string("-Infinity"): -.infinity
        default: nil
        }
    }

    /// The number where it is whole and an `Int`.
    public var integer: Int? {
        if case .number(let value) = self { return Int(exactly: value) }
        return nil
    }

    /// The text; nil for anything else.
    public var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    /// The truth value; nil for anything else.
    public var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    /// The elements; nil for anything but an array.
    public var array: [TraceJSON]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    /// The members; nil for anything but an object.
    public var object: [String: TraceJSON]? {
        if case .object(let members) = self { return members }
        return nil
    }
}

extension TraceJSON: Equatable {
    /// Numbers bit for bit, and with every NaN equal to every other.
    public static func == (a: TraceJSON, b: TraceJSON) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.number(let a), .number(let b)): SameNumber.areSame(a, b)
        case (.string(let a), .string(let b)): a == b
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }
}
