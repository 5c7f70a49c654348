import Adjoint
import AdjointCore

/// The gradient of (x² + y)³ at (1, 2): two numbers, and, for who likes, two formulas.
struct ChainRuleCheck {
    private let answer: ExerciseAnswer

    init(_ answer: ExerciseAnswer) { self.answer = answer }

    var verdict: ExerciseVerdict {
        var verdict = ExerciseVerdict()
        for (index, name) in ["x", "y"].enumerated() {
            let check = FormulaCheck(
                names: ["x", "y"], function: { ($0[0] ** 2 + $0[1]) ** 3 }, by: [index],
                seed: answer.seed)
            verdict.noteNumber(
                "d\(name)", answer, right: check.right(at: [1, 2]),
                what: "df/d\(name) at (1, 2)")
            verdict.noteFormula("d\(name)Formula", answer, check)
        }
        return verdict
    }
}
