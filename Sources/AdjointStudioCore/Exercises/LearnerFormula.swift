import Adjoint
import AdjointCore

/// A formula that a learner typed, in the language of the studio's expressions.
struct LearnerFormula {
    private let program: ExpressionProgram
    let field: String
    /// What it may read.
    private let names: [String]

    /// - Throws: What is wrong with the formula, and where.
    init(_ source: String, field: String, names: [String]) throws(FormulaErrors) {
        self.field = field
        self.names = names
        do throws(ExpressionErrors) {
            program = try ExpressionProgram(source)
        } catch {
            throw FormulaErrors(error.errors.map { Self.error(field, $0) })
        }
        if let unknown = program.leaves.first(where: { !names.contains($0.name) }) {
            let known = names.joined(separator: ", ")
            throw FormulaErrors([
                ExerciseVerdict.FormulaError(
                    field: field, column: unknown.position.column,
                    message: "there is no \(unknown.name) here; the formula may use \(known)")
            ])
        }
    }

    /// Its value as one number, in float64.
    func value(at point: [String: Double]) throws(FormulaErrors) -> Double {
        let leaves = point.mapValues { Tensor($0, dtype: .float64) }
        let result: Tensor
        do {
            result = try catchingTensorErrors {
                try ExpressionRun()(program, leaves: leaves).tensor
            }
        } catch let error as ExpressionError {
            throw FormulaErrors([Self.error(field, error)])
        } catch {
            throw FormulaErrors([
                ExerciseVerdict.FormulaError(field: field, column: 1, message: "\(error)")
            ])
        }
        guard result.numel == 1 else {
            throw FormulaErrors([
                ExerciseVerdict.FormulaError(
                    field: field, column: 1, message: "the formula gives no single number")
            ])
        }
        return result.detach().to(.float64).item()
    }

    private static func error(
        _ field: String, _ error: ExpressionError
    ) -> ExerciseVerdict.FormulaError {
        ExerciseVerdict.FormulaError(field: field, column: error.column, message: error.message)
    }
}

/// Why a formula cannot be tried.
struct FormulaErrors: Error {
    let errors: [ExerciseVerdict.FormulaError]

    init(_ errors: [ExerciseVerdict.FormulaError]) { self.errors = errors }
}
