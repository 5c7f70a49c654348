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
            let key = info.map { _ in ObjectIdentifier(type(of: node)) }
            let rule = info.map { self.rule($0, key!, node.observedInputCount, true) }
            nodes[number] = NodeNote(
                id: id, order: 1, src: nil, ruleKey: key, inputCount: next.count)
            put(
                .node(
                    TraceNode(
                        id: id, op: node.observedOperation ?? node.name, gradFn: name(of: node),
                        rule: rule, inputs: [], outputs: [], next: next, order: 1)))
        }
        return root.observedNumber.flatMap { nodes[$0]?.id } ?? 0
    }

    /// The id of an operation's rule, which is written down the first time.
    mutating func rule(
        _ info: OpInfo, _ key: ObjectIdentifier, _ inputs: Int, _ isDifferentiable: Bool
    ) -> String {
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
