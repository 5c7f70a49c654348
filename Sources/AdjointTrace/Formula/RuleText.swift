import AdjointCore

/// What an operation's room says of its formula and its derivative, for `rule` records and for the
/// words beside each run of a derivative.
final class RuleText: Sendable {
    let rule: TraceRule
    /// The partial derivatives, where they are formulas; of pointwise operations alone.
    private let locals: [Formula]?
    private let hasOneInput: Bool
    /// The letters of both formulas.
    private let letters: Set<String>

    init(_ id: String, _ info: OpInfo, inputs: Int, isDifferentiable: Bool) {
        hasOneInput = inputs == 1
        let isPointwise = info.family == .pointwise
        let forward = Formula(info.formula)
        letters = forward.letters.union(Formula(info.derivative).letters)
        let names = RuleText.names(hasOneInput)
        let parts = info.derivative.isEmpty ? nil : RuleText.parts(info.derivative, inputs)
        locals = isPointwise ? parts : nil
        var rule = TraceRule(
            id: id, forward: "out = " + forward.text(names), doc: info.torch,
            family: info.family.rawValue)
        if !isDifferentiable || info.derivative.isEmpty {
            rule.local = [String?](repeating: nil, count: inputs)
            rule.vjp = rule.local
            rule.nondiff =
                isDifferentiable
                ? "its derivative is not written" : "its results do not change with its inputs"
        } else if let locals {
            rule.local = locals.map { $0.text(names) }
            rule.vjp = zip(locals, rule.local).map { formula, text in
                RuleText.product("grad", text!, formula)
            }
        } else {
            let words = parts?.map { $0.text(names) } ?? [info.derivative]
            let texts = (0..<inputs).map { words.count == inputs ? words[$0] : info.derivative }
            rule.local = isPointwise ? texts : [String?](repeating: nil, count: inputs)
            rule.vjp = texts
        }
        self.rule = rule
    }

    private static func parts(_ text: String, _ inputs: Int) -> [Formula]? {
        if inputs == 1 {
            let formula = Formula(text)
            return formula.isPlain ? [formula] : nil
        }
        return Formula.parts(of: text, count: inputs)
    }

    private static func product(_ a: String, _ b: String, _ formula: Formula) -> String {
        switch b {
        case "1": a
        case "0": "0"
        default: formula.isSum ? "\(a) · (\(b))" : "\(a) · \(b)"
        }
    }

    /// PyTorch's names for the letters of formulas.
    private static func names(_ hasOneInput: Bool) -> (String) -> String? {
        { letter in
            switch letter {
            case "x" where hasOneInput: "self"
            case "y" where hasOneInput: "result"
            case "a" where !hasOneInput: "self"
            case "b" where !hasOneInput: "other"
            default: nil
            }
        }
    }

    /// The partial derivative by input `i` with numbers in the letters' places; nil where it is no
    /// formula. A letter without a number stays.
    func substituted(_ i: Int, inputs: [Double?], result: Double?, parameters: [String: Double])
        -> String?
    {
        guard let locals, i < locals.count else { return nil }
        return locals[i].text { letter in
            let value: Double? =
                switch letter {
                case "x" where hasOneInput: inputs.first ?? nil
                case "a" where !hasOneInput: inputs.first ?? nil
                case "b" where !hasOneInput: inputs.count > 1 ? inputs[1] : nil
                case "y", "σ": result
                default: parameters[letter]
                }
            guard let value else { return RuleText.names(hasOneInput)(letter) }
            return RuleText.number(value, isOperand: true)
        }
    }

    /// A number as readers write it: "2", "−0.5", "1e−05"; in brackets where it is negative and an
    /// operand.
    static func number(_ value: Double, isOperand: Bool = false) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? (isOperand ? "(−∞)" : "−∞") : "∞" }
        var text = value.description
        if text.hasSuffix(".0") { text.removeLast(2) }
        text = text.replacing("-", with: "−")
        return isOperand && text.hasPrefix("−") ? "(\(text))" : text
    }
}

extension RuleText {
    private static let greek = [
        "alpha": "α", "beta": "β", "gamma": "γ", "lambda": "λ", "epsilon": "ε", "eps": "ε",
    ]

    /// The names of letters that formulas use for parameters, by the parameters' own names.
    func parameters(_ attributes: [String: TraceJSON]) -> [String: Double] {
        var result: [String: Double] = [:]
        for (name, value) in attributes {
            guard let number = value.number else { continue }
            let letter = RuleText.greek[name] ?? String(name.prefix(1))
            if letters.contains(letter) { result[letter] = number }
        }
        return result
    }
}
