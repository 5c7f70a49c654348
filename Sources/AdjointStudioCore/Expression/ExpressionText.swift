package import Adjoint

/// An expression read and run, for callers outside of this module.
package enum ExpressionText {
    /// What is wrong with an expression: a line each, `line 1, column 3: ...`.
    package struct Refusal: Error, CustomStringConvertible {
        package let lines: [String]
        package var description: String { lines.joined(separator: "; ") }
    }

    /// The value of `source`'s last line. Names that `leaves` lacks are refused.
    package static func value(
        of source: String, leaves: [String: Tensor]
    ) throws -> Tensor {
        do {
            let program = try ExpressionProgram(source)
            return try ExpressionRun()(program, leaves: leaves).tensor
        } catch let error as ExpressionErrors {
            throw Refusal(lines: error.errors.map(line))
        } catch let error as ExpressionError {
            throw Refusal(lines: [line(error)])
        }
    }

    private static func line(_ error: ExpressionError) -> String {
        "line \(error.line), column \(error.column): \(error.message)"
    }
}
