import AdjointCore

/// Says what a derivative has just done, in a formula with numbers, or in words.
struct LocalWords {
    private let run: ObservedRun
    private let note: RecorderState.NodeNote?
    private let rule: RuleText?
    private let arrivedShape: [Int]

    init(_ run: ObservedRun, _ note: RecorderState.NodeNote?, _ rule: RuleText?) {
        arrivedShape = run.arrived.first.flatMap { $0 }?.shape ?? []
        self.run = run
        self.note = note
        self.rule = rule
    }

    /// - Parameters:
    ///   - local: The derivative by input `i`, element by element, where it was computed.
    ///   - arrived: The gradients of the outputs.
    ///   - result: The gradient of input `i`.
    func local(
        _ i: Int, _ local: TraceValue?, _ arrived: [TraceValue], _ result: TraceValue,
        _ table: inout WordTable
    ) -> TraceLocal {
        if let derivative = local?.scalar, let text = scalar(i, derivative) {
            var product: String?
            if let gradient = arrived.first?.scalar, let result = result.scalar {
                product =
                    RuleText.number(gradient, isOperand: true) + " · "
                    + RuleText.number(derivative, isOperand: true) + " = "
                    + RuleText.number(result)
            }
            return TraceLocal(text: text, value: local, product: product)
        }
        return TraceLocal(text: words(i, &table), value: local)
    }

    /// "2 · 2^(2−1) = 4"; "3" where the formula is a number already.
    private func scalar(_ i: Int, _ derivative: Double) -> String? {
        let value = RuleText.number(derivative)
        guard let note, let rule,
            let text = rule.substituted(
                i, inputs: note.numbers, result: note.result, parameters: note.parameters)
        else { return value }
        return text == value || text == "(\(value))" ? value : "\(text) = \(value)"
    }

    private func words(_ i: Int, _ table: inout WordTable) -> String {
        let target = run.results[i]?.shape ?? []
        let key = WordTable.Key(
            rule: rule?.rule.id, isPointwise: run.node.isPointwise, input: i,
            arrived: arrivedShape, given: run.shapes[i], target: target)
        return table.text(key) { words(i, target) }
    }

    /// What the derivative does to a tensor of gradients.
    private func words(_ i: Int, _ target: [Int]) -> String {
        let arrived = arrivedShape
        var text: String
        if run.node.isPointwise, let local = rule?.rule.local, i < local.count, let local = local[i]
        {
            text = "\(local), element by element, on gradients of shape \(arrived)"
        } else if let vjp = rule?.rule.vjp, i < vjp.count, let vjp = vjp[i] {
            text = "vector-Jacobian product: \(vjp); gradients of shape \(arrived) give \(target)"
        } else {
            text = "vector-Jacobian product; gradients of shape \(arrived) give \(target)"
        }
        if let shape = run.shapes[i], shape != target, let dims = LocalWords.summed(shape, target) {
            let list = dims.map(String.init).joined(separator: ", ")
            text +=
                ", summed over dim \(list), because \(RecorderState.name(i)) was broadcast "
                + "from \(target) to \(shape)"
        }
        return text
    }

    /// The dimensions of `from` over which it is summed to give `to`; nil where it is not.
    static func summed(_ from: [Int], _ to: [Int]) -> [Int]? {
        let extra = from.count - to.count
        if extra < 0 { return nil }
        let dims = from.indices.filter { $0 < extra || to[$0 - extra] == 1 && from[$0] != 1 }
        return dims.isEmpty ? nil : Array(dims)
    }
}

/// Words that were made before: the same derivatives run again and again, on the same shapes.
struct WordTable {
    /// All that they depend on.
    struct Key: Hashable {
        let rule: String?
        let isPointwise: Bool
        let input: Int
        let arrived: [Int]
        let given: [Int]?
        let target: [Int]
    }

    private static let most = 4096
    private var known: [Key: String] = [:]

    mutating func text(_ key: Key, _ make: () -> String) -> String {
        if let text = known[key] { return text }
        if known.count >= WordTable.most { known = [:] }
        let text = make()
        known[key] = text
        return text
    }
}
