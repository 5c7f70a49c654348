import AdjointCore

extension RecorderState {
    /// Where the gradients of a node's inputs go. Nodes that were not met are written down first.
    mutating func targets(_ node: Node) -> [TraceTarget?] {
        node.nextFunctions.map { next in
            guard let target = next.node else { return nil }
            if let sink = target as? AccumulateGrad { return .leaf(leaf(sink)) }
            return .node(define(target), out: next.index)
        }
    }

    /// The id of a node. One that was not met, with those that it leads to, is written down:
    /// what was made before the recording began, and what the engine makes by itself.
    @discardableResult
    mutating func define(_ root: Node) -> Int {
        if let number = root.observedNumber, let note = nodes[number] { return note.id }
        // Without recursion: graphs are deep. A node is written after those that it leads to.
        var stack: [(node: Node, isOpen: Bool)] = [(root, false)]
        while let (node, isOpen) = stack.popLast() {
            guard let number = node.observedNumber, nodes[number] == nil else { continue }
            if !isOpen {
                stack.append((node, true))
                for next in node.nextFunctions {
                    guard let target = next.node, let other = target.observedNumber,
                        nodes[other] == nil
                    else { continue }
                    stack.append((target, false))
                }
                continue
            }
            let id = nextNode
            nextNode += 1
            let next = targets(node)
            let info = node.observedInfo
            let rule = info.map {
                self.rule($0, "\(type(of: node))", node.observedInputCount, true)
            }
            nodes[number] = NodeNote(
                id: id, order: 1, src: nil, ruleKey: info.map { _ in "\(type(of: node))" },
                inputCount: next.count)
            put(
                .node(
                    TraceNode(
                        id: id, op: node.observedOperation ?? node.name, gradFn: node.name,
                        rule: rule, inputs: [], outputs: [], next: next, order: 1)))
        }
        return root.observedNumber.flatMap { nodes[$0]?.id } ?? 0
    }

    /// The id of an operation's rule, which is written down the first time.
    mutating func rule(_ info: OpInfo, _ key: String, _ inputs: Int, _ isDifferentiable: Bool)
        -> String
    {
        if let text = rules[key] { return text.rule.id }
        var id = info.name
        // Two operations may have one public name: a power by a tensor, and by a number.
        var number = 2
        while !ruleNames.insert(id).inserted {
            id = "\(info.name).\(number)"
            number += 1
        }
        let text = RuleText(id, info, inputs: inputs, isDifferentiable: isDifferentiable)
        rules[key] = text
        put(.rule(text.rule))
        return id
    }
}

extension ObservedCall {
    /// The parameters of the operation that are no tensors.
    var attributes: [(name: String, value: TraceJSON, isNumber: Bool)] {
        Attributes.of(parameters)
    }
}

/// The stored properties of an operation, as JSON.
enum Attributes {
    /// Names that formulas use for properties.
    private static let aliases = ["exponent": "n"]
    private static let longest = 64

    static func alias(_ name: String) -> String { aliases[name] ?? name }

    static func of(_ parameters: Any) -> [(name: String, value: TraceJSON, isNumber: Bool)] {
        Mirror(reflecting: parameters).children.compactMap { child in
            guard let label = child.label, let value = json(child.value, 3) else { return nil }
            return (label, value, child.value is Scalar)
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
