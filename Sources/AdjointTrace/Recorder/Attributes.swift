import AdjointCore

/// A parameter of an operation that is no tensor.
struct Attribute {
    let name: String
    let value: TraceJSON
    /// True for a number among the operands.
    let isNumber: Bool
}

/// What a record says of an operation by itself, whatever it is called with.
struct OperationWords {
    /// Its properties by the names that formulas use.
    let attrs: [String: TraceJSON]
    /// The numbers among its operands.
    let numbers: [(name: String, value: Double?)]
    /// Its numbers by the letters of its formula, once that is known.
    var parameters: [String: Double]?

    init(_ operation: Any) {
        let attributes = Attributes.of(operation)
        attrs = Dictionary(attributes.map { (Attributes.alias($0.name), $0.value) }) { $1 }
        numbers = attributes.filter(\.isNumber).map { ($0.name, $0.value.number) }
    }
}

/// The words of operations that were met. A program calls the same ones again and again, and
/// reading properties by name takes a while.
struct OperationTable {
    private static let most = 4096
    private var known: [OperationKey: OperationWords] = [:]

    /// - Parameter rule: The operation's own, where it has one.
    mutating func words(_ operation: Any, _ rule: RuleText?) -> OperationWords {
        let key = (operation as? any AnyOperator).flatMap { OperationKey($0) }
        if let key, let found = known[key] { return found }
        var words = OperationWords(operation)
        words.parameters = rule?.parameters(words.attrs)
        guard let key else { return words }
        if known.count >= OperationTable.most { known = [:] }
        known[key] = words
        return words
    }
}

/// An operation: its type and its bytes, where those are all that it is, or else its value.
private enum OperationKey: Hashable {
    case bytes(ObjectIdentifier, [UInt8])
    case value(AnyHashable)

    /// Nil for an operation that cannot be told from others.
    init?(_ operation: some AnyOperator) {
        if _isPOD(type(of: operation)) {
            self = .bytes(
                ObjectIdentifier(type(of: operation)),
                withUnsafeBytes(of: operation) { Array($0) })
        } else if let value = operation as? any Hashable {
            self = .value(AnyHashable(value))
        } else {
            return nil
        }
    }
}

/// The stored properties of an operation, as JSON.
enum Attributes {
    /// Names that formulas use for properties.
    private static let aliases = ["exponent": "n"]
    private static let longest = 64

    static func alias(_ name: String) -> String { aliases[name] ?? name }

    static func of(_ parameters: Any) -> [Attribute] {
        Mirror(reflecting: parameters).children.compactMap { child in
            guard let label = child.label, let value = json(child.value, 3) else { return nil }
            return Attribute(name: label, value: value, isNumber: child.value is Scalar)
        }
    }

    private static func json(_ value: Any, _ depth: Int) -> TraceJSON? {
        switch value {
        case let value as Bool: return .bool(value)
        case let value as Int: return .number(Double(value))
        case let value as Double: return .number(value)
        case let value as Float: return .number(ValueCapture.number(value))
        case let value as Scalar: return .number(value.observedNumber)
        case let value as String: return .string(String(value.prefix(200)))
        case let value as DType: return .string("\(value)")
        case let value as Dims: return .array(value.map { .number(Double($0)) })
        case is Tensor: return nil
        default: break
        }
        let mirror = Mirror(reflecting: value)
        if depth == 0 { return nil }
        switch mirror.displayStyle {
        case .optional:
            guard let inner = mirror.children.first else { return .null }
            return json(inner.value, depth)
        case .collection, .set:
            return .array(mirror.children.prefix(longest).compactMap { json($0.value, depth - 1) })
        case .struct, .tuple:
            var members: [String: TraceJSON] = [:]
            for child in mirror.children {
                guard let label = child.label, let value = json(child.value, depth - 1) else {
                    continue
                }
                members[label] = value
            }
            return members.isEmpty ? nil : .object(members)
        case .enum:
            return mirror.children.isEmpty ? .string("\(value)") : nil
        default: return nil
        }
    }
}
