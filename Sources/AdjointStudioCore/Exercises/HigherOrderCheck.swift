import Adjoint
import AdjointCore

/// The second and third derivative of x⁴ - 2x² at 1, and, for who likes, as formulas.
struct HigherOrderCheck {
    private let answer: ExerciseAnswer

    init(_ answer: ExerciseAnswer) { self.answer = answer }

    var verdict: ExerciseVerdict {
        var verdict = ExerciseVerdict()
        for (order, name) in [(2, "second"), (3, "third")] {
            let check = FormulaCheck(
                names: ["x"], function: { $0[0] ** 4 - 2 * $0[0] ** 2 },
                by: Array(repeating: 0, count: order), seed: answer.seed)
            verdict.noteNumber(
                name, answer, right: check.right(at: [1]), what: "The \(name) derivative at 1")
            verdict.noteFormula("\(name)Formula", answer, check)
        }
        return verdict
    }
}
