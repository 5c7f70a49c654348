extension PickleMachine {
    /// What a state holds: a tensor, or a number beside them.
    enum Leaf {
        case tensor(Int)
        case bool(Bool)
        case int(Int)
        case float(Double)
    }

    /// The leaves of `root` by name. The names of nested dictionaries, and positions in lists and
    /// tuples, are joined with dots; text and None, which no tensor can hold, are left out. A tensor
    /// that stands alone is called "tensor".
    func leaves(of root: PickleValue) throws(Failure) -> [(name: String, leaf: Leaf)] {
        var leaves: [(name: String, leaf: Leaf)] = []
        // Containers may share parts, or hold themselves: what is spelled out is bounded by the
        // pickle's own size, and so is the depth.
        var budget = 16 * size + 4096
        var open = [(name: "", value: root, depth: 0)]
        while let (name, value, depth) = open.popLast() {
            budget -= name.utf8.count + 1
            guard budget >= 0, depth <= 64 else {
                throw Failure("containers hold each other too often, or too deeply")
            }
            func descend(_ parts: some Sequence<(String, PickleValue)>) {
                for (part, value) in parts {
                    open.append((depth == 0 ? part : "\(name).\(part)", value, depth + 1))
                }
            }
            let own = depth == 0 ? "tensor" : name
            switch value {
            case .tensor(let index): leaves.append((own, .tensor(index)))
            case .bool(let flag): leaves.append((own, .bool(flag)))
            case .int(let number): leaves.append((own, .int(number)))
            case .float(let number): leaves.append((own, .float(number)))
            case .tuple(let index):
                descend(tuples[index].enumerated().map { (String($0.offset), $0.element) })
            case .list(let index):
                descend(lists[index].enumerated().map { (String($0.offset), $0.element) })
            case .dictionary(let index):
                descend(dictionaries[index].map { ($0.key.text, $0.value) })
            case .none, .string, .global, .dtype, .storage, .unused: break
            }
        }
        return leaves
    }
}
