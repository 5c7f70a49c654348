/// What is wrong in an expression, and where.
struct ExpressionError: Error, Sendable, Equatable, Encodable {
    /// The line, from 1.
    var line: Int
    /// The column of the line, from 1, in characters.
    var column: Int
    /// What is wrong, what was expected, what to do.
    var message: String

    init(_ position: ExpressionPosition, _ message: String) {
        line = position.line
        column = position.column
        self.message = message
    }
}

/// A place in an expression: line and column, from 1.
struct ExpressionPosition: Sendable, Hashable {
    var line: Int
    var column: Int
}
