import AdjointCore

/// A parameter of an operation that is no tensor.
struct Attribute {
    let name: String
    let value: TraceJSON
    /// True for a number among the operands.
    let isNumber: Bool
}

/// Attributes by the operations that they are of. A program calls the same ones again and again,
/// and reading properties by name takes a while.
struct AttributeTable {
    private static let most = 4096
    private var known: [AttributeKey: [Attribute]] = [:]

    mutating func attributes(_ operation: Any) -> [Attribute] {
        guard let key = (operation as? any AnyOperator)?.attributeKey else {
            return Attributes.of(operation)
        }
        if let found = known[key] { return found }
        let found = Attributes.of(operation)
        if known.count >= AttributeTable.most { known = [:] }
        known[key] = found
        return found
    }
}

/// An operation, by its type and its bytes, where those are all that it is.
private struct AttributeKey: Hashable {
    let type: ObjectIdentifier
    let bytes: [UInt8]
}

extension AnyOperator {
    /// Nil for an operation that refers to objects.
    fileprivate var attributeKey: AttributeKey? {
        guard _isPOD(Self.self) else { return nil }
        return AttributeKey(
            type: ObjectIdentifier(Self.self), bytes: withUnsafeBytes(of: self) { Array($0) })
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
