import AdjointCore

/// A formula as lines write it: `sum((p - t)^2) + 0.1 * sum(p^4)`. Powers are `^` or `**`.
struct Formula: Sendable {
    private let root: Term

    private indirect enum Term: Sendable {
        case number(Double)
        case variable(Int)
        case negative(Term)
        case binary(Character, Term, Term)
        case call(String, Term)
    }

    private static let functions: [String: @Sendable (Tensor) -> Tensor] = [
        "sum": { $0.sum() }, "mean": { $0.mean() }, "abs": { $0.abs() }, "exp": { $0.exp() },
        "log": { $0.log() }, "sqrt": { $0.sqrt() }, "sin": { $0.sin() }, "cos": { $0.cos() },
        "tanh": { $0.tanh() }, "square": { $0.square() },
    ]

    /// Throws `Malformed` for what it does not understand.
    init(_ text: String, of variables: [String]) throws {
        var reader = Reader(
            rest: Substring(text.replacing("**", with: "^")), variables: variables, text: text)
        root = try reader.sum(0)
        reader.skip()
        guard reader.rest.isEmpty else { throw reader.problem }
    }

    /// The value, with a tensor for each variable.
    func value(of variables: [Tensor]) -> Tensor { value(root, variables) }

    private func value(_ term: Term, _ variables: [Tensor]) -> Tensor {
        switch term {
        case .number(let number): return Tensor(number, dtype: .float64)
        case .variable(let i): return variables[i]
        case .negative(let term): return -value(term, variables)
        case .call(let name, let term):
            let inner = value(term, variables)
            return Formula.functions[name]?(inner) ?? inner
        case .binary(let sign, let a, let b):
            let a = value(a, variables)
            if case .number(let exponent) = b, sign == "^" { return a ** exponent }
            let b = value(b, variables)
            return switch sign {
            case "+": a + b
            case "-": a - b
            case "*": a * b
            case "/": a / b
            default: a ** b
            }
        }
    }

    /// Reads terms from the front of a text.
    private struct Reader {
        var rest: Substring
        let variables: [String]
        let text: String

        var problem: Malformed { Malformed("the formula '\(text)' is not understood") }

        mutating func skip() { rest = rest.drop { $0 == " " } }

        mutating func take(_ signs: Set<Character>) -> Character? {
            skip()
            guard let sign = rest.first, signs.contains(sign) else { return nil }
            rest.removeFirst()
            return sign
        }

        mutating func sum(_ depth: Int) throws -> Term {
            guard depth < 50 else { throw problem }
            var result = try product(depth)
            while let sign = take(["+", "-"]) {
                result = .binary(sign, result, try product(depth))
            }
            return result
        }

        mutating func product(_ depth: Int) throws -> Term {
            var result = try signed(depth)
            while let sign = take(["*", "/"]) {
                result = .binary(sign, result, try signed(depth))
            }
            return result
        }

        mutating func signed(_ depth: Int) throws -> Term {
            guard depth < 50 else { throw problem }
            if take(["-"]) != nil { return .negative(try signed(depth + 1)) }
            let base = try single(depth)
            return take(["^"]) == nil ? base : .binary("^", base, try signed(depth + 1))
        }

        mutating func single(_ depth: Int) throws -> Term {
            if take(["("]) != nil {
                let inner = try sum(depth + 1)
                guard take([")"]) != nil else { throw problem }
                return inner
            }
            let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
            rest = rest.dropFirst(word.count)
            if let number = Double(word) { return .number(number) }
            if let i = variables.firstIndex(of: String(word)) { return .variable(i) }
            guard Formula.functions[String(word)] != nil, take(["("]) != nil else { throw problem }
            let inner = try sum(depth + 1)
            guard take([")"]) != nil else { throw problem }
            return .call(String(word), inner)
        }
    }
}
