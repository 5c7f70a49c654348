/// An expression as the steps of a machine with a stack: no trees, so that neither a long sum nor
/// deep parentheses can exhaust the memory for calls when it runs.
struct ExpressionProgram: Sendable {
    enum Step: Sendable, Equatable {
        case number(Double, isWhole: Bool)
        case load(String)
        /// Gives the last value a name; the value stays the result of the line.
        case store(String)
        case negate
        case binary(Binary)
        case call(ExpressionFunction)
        /// The end of a line: the stack is emptied, its value is the result so far.
        case finishLine
    }

    enum Binary: String, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case power = "**"
        case less = "<"
        case lessEqual = "<="
        case greater = ">"
        case greaterEqual = ">="
        case equal = "=="
        case notEqual = "!="
    }

    /// A step, and the word that asked for it.
    struct Instruction: Sendable {
        var step: Step
        var position: ExpressionPosition
    }

    var instructions: [Instruction] = []
    /// Names that are read before they are given a value: what the leaves must be, in the order of
    /// their first use.
    var leaves: [(name: String, position: ExpressionPosition)] = []
    /// Names that lines give a value.
    var assigned: Set<String> = []
    /// The text, for readers.
    let source: String

    static let sourceLimit = 10_000

    /// Reads `source`.
    ///
    /// - Throws: Everything that is wrong with it: at most one error a line.
    init(_ source: String) throws(ExpressionErrors) {
        self.source = source
        guard source.count <= Self.sourceLimit else {
            throw ExpressionErrors([
                ExpressionError(
                    ExpressionPosition(line: 1, column: 1),
                    "the expression has \(source.count) characters; at most "
                        + "\(Self.sourceLimit) are read")
            ])
        }
        var errors: [ExpressionError] = []
        let words: [ExpressionToken]
        do throws(ExpressionError) {
            words = try ExpressionToken.words(of: source)
        } catch {
            throw ExpressionErrors([error])
        }
        for line in words.split(separator: .end) {
            var parser = ExpressionParser(line)
            do throws(ExpressionError) {
                try parser.line()
                add(parser)
            } catch {
                errors.append(error)
            }
        }
        if instructions.isEmpty, errors.isEmpty {
            let start = ExpressionPosition(line: 1, column: 1)
            errors.append(ExpressionError(start, "there is no expression yet: try y = x**2 + 3*x"))
        }
        if !errors.isEmpty { throw ExpressionErrors(errors) }
    }

    private mutating func add(_ line: ExpressionParser) {
        for instruction in line.instructions {
            if case .load(let name) = instruction.step, !assigned.contains(name),
                !leaves.contains(where: { $0.name == name })
            {
                leaves.append((name, instruction.position))
            }
            if case .store(let name) = instruction.step { assigned.insert(name) }
        }
        instructions += line.instructions
        instructions.append(
            Instruction(step: .finishLine, position: line.instructions.last!.position))
    }
}

/// All that is wrong with an expression.
struct ExpressionErrors: Error {
    var errors: [ExpressionError]

    init(_ errors: [ExpressionError]) { self.errors = errors }
}

extension [ExpressionToken] {
    /// The lines, each with the word that ends it.
    fileprivate func split(separator: ExpressionToken.Kind) -> [[ExpressionToken]] {
        var lines: [[ExpressionToken]] = []
        var line: [ExpressionToken] = []
        for word in self {
            line.append(word)
            guard word.kind == separator else { continue }
            if line.count > 1 { lines.append(line) }
            line = []
        }
        return lines
    }
}
