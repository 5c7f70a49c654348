/// Turns the words of one line into steps. The language:
///
///     line       = [name "="] comparison
///     comparison = sum [("<" | "<=" | ">" | ">=" | "==" | "!=") sum]
///     sum        = product {("+" | "-") product}
///     product    = signed {("*" | "/") signed}
///     signed     = ("-" | "+") signed | power
///     power      = atom ["**" signed]
///     atom       = number | name | name "(" comparison {"," comparison} ")" | "(" comparison ")"
///
/// As in Python, `-x ** 2` is `-(x ** 2)` and `2 ** 3 ** 2` is `2 ** (3 ** 2)`.
struct ExpressionParser {
    private let words: [ExpressionToken]
    private var index = 0
    private var depth = 0
    private(set) var instructions: [ExpressionProgram.Instruction] = []

    static let depthLimit = 100

    /// - Parameter words: A line with its end.
    init(_ words: [ExpressionToken]) { self.words = words }

    private var word: ExpressionToken { words[index] }

    private func error(_ message: String) -> ExpressionError {
        ExpressionError(word.position, message)
    }

    private mutating func takes(_ symbols: String...) -> String? {
        guard case .symbol(let symbol) = word.kind, symbols.contains(symbol) else { return nil }
        index += 1
        return symbol
    }

    private mutating func emit(_ step: ExpressionProgram.Step, _ position: ExpressionPosition) {
        instructions.append(ExpressionProgram.Instruction(step: step, position: position))
    }

    mutating func line() throws(ExpressionError) {
        if case .name(let name) = word.kind, words.count > 1, words[1].kind == .symbol("=") {
            if ExpressionFunction(rawValue: name) != nil || Self.constants[name] != nil {
                throw error("\(name) is taken: give the value another name")
            }
            let position = word.position
            index = 2
            try comparison()
            try end()
            emit(.store(name), position)
        } else {
            try comparison()
            try end()
        }
    }

    private func end() throws(ExpressionError) {
        guard word.kind != .end else { return }
        switch word.kind {
        case .symbol(")"): throw error("there is no ( for this )")
        case .symbol("="): throw error("only a name can be given a value; equality is written ==")
        case .symbol(let symbol): throw error("'\(symbol)' does not follow here")
        default: throw error("an operator is missing before this: a product is written 3 * x")
        }
    }

    private mutating func comparison() throws(ExpressionError) {
        // Every way to recursion comes through here or through `signed`.
        try sum()
        let position = word.position
        if let symbol = takes("<", "<=", ">", ">=", "==", "!=") {
            try sum()
            emit(.binary(ExpressionProgram.Binary(rawValue: symbol)!), position)
        }
    }

    private mutating func sum() throws(ExpressionError) {
        try product()
        while true {
            let position = word.position
            guard let symbol = takes("+", "-") else { return }
            try product()
            emit(.binary(ExpressionProgram.Binary(rawValue: symbol)!), position)
        }
    }

    private mutating func product() throws(ExpressionError) {
        try signed()
        while true {
            let position = word.position
            guard let symbol = takes("*", "/") else { return }
            try signed()
            emit(.binary(ExpressionProgram.Binary(rawValue: symbol)!), position)
        }
    }

    private mutating func signed() throws(ExpressionError) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else {
            throw error(
                "more than \(Self.depthLimit) levels are nested: name a part on a line "
                    + "of its own")
        }
        let position = word.position
        if let sign = takes("-", "+") {
            try signed()
            if sign == "-" { emit(.negate, position) }
        } else {
            try power()
        }
    }

    private mutating func power() throws(ExpressionError) {
        try atom()
        let position = word.position
        if takes("**") != nil {
            try signed()
            emit(.binary(.power), position)
        }
    }

    private mutating func atom() throws(ExpressionError) {
        let position = word.position
        switch word.kind {
        case .number(let value, let isWhole):
            index += 1
            emit(.number(value, isWhole: isWhole), position)
        case .name(let name):
            index += 1
            if takes("(") != nil {
                try call(name, position)
            } else if let value = Self.constants[name] {
                emit(.number(value, isWhole: false), position)
            } else if let function = ExpressionFunction(rawValue: name) {
                throw ExpressionError(position, "\(name) is a function: write \(function.usage)")
            } else {
                emit(.load(name), position)
            }
        case .symbol("("):
            index += 1
            try comparison()
            try close(position)
        case .end: throw error("a value is missing at the end of the line")
        case .symbol(let symbol): throw error("a value is missing before '\(symbol)'")
        }
    }

    private mutating func close(_ open: ExpressionPosition) throws(ExpressionError) {
        if takes(")") != nil { return }
        throw error("the ( in column \(open.column) has no )")
    }

    private mutating func call(_ name: String, _ position: ExpressionPosition)
        throws(ExpressionError)
    {
        guard let function = ExpressionFunction(rawValue: name) else {
            let names = ExpressionFunction.allCases.map(\.rawValue)
            throw ExpressionError(
                position,
                "there is no function '\(name)'; the functions are "
                    + names.joined(separator: ", "))
        }
        var count = 0
        if takes(")") == nil {
            repeat {
                try comparison()
                count += 1
            } while takes(",") != nil
            try close(position)
        }
        guard count == function.count else {
            throw ExpressionError(
                position,
                "\(name) takes \(function.count) of them, not \(count): write "
                    + function.usage)
        }
        emit(.call(function), position)
    }

    private static let constants = ["pi": Double.pi, "e": 2.718281828459045]
}
