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
            guard depth <= 64 else { throw Self.tooOften }
            /// What is spelled out is paid for before memory is taken for it.
            func descend(_ count: Int, _ parts: some Sequence<(String, PickleValue)>)
                throws(Failure)
            {
                budget -= 16 * count
                guard budget >= 0 else { throw Self.tooOften }
                for (part, value) in parts {
                    let whole = depth == 0 ? part : "\(name).\(part)"
                    budget -= whole.utf8.count
                    guard budget >= 0 else { throw Self.tooOften }
                    open.append((whole, value, depth + 1))
                }
            }
            let own = depth == 0 ? "tensor" : name
            switch value {
            case .tensor(let index): leaves.append((own, .tensor(index)))
            case .bool(let flag): leaves.append((own, .bool(flag)))
            case .int(let number): leaves.append((own, .int(number)))
            case .float(let number): leaves.append((own, .float(number)))
            case .tuple(let index):
                try descend(tuples[index].count, numbered(tuples[index]))
            case .list(let index):
                try descend(lists[index].count, numbered(lists[index]))
            case .dictionary(let index):
                try descend(
                    dictionaries[index].count,
                    dictionaries[index].lazy.map { ($0.key.text, $0.value) })
            case .none, .string, .global, .dtype, .storage, .unused: break
            }
        }
        return leaves
    }

    private static let tooOften = Failure("containers hold each other too often, or too deeply")

    /// Positions as names.
    private func numbered(_ values: [PickleValue]) -> some Sequence<(String, PickleValue)> {
        values.enumerated().lazy.map { (String($0.offset), $0.element) }
    }
}
