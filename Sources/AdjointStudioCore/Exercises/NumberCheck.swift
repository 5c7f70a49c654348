import Adjoint
import AdjointCore

extension ExerciseVerdict {
    /// Notes whether the number typed into `field` is `right`, without giving it away.
    mutating func noteNumber(
        _ field: String, _ answer: ExerciseAnswer, right: Double, what: String
    ) {
        guard let text = answer.text(field) else {
            note(field, false, "\(what): nothing is typed yet.")
            return
        }
        guard let number = Self.number(text) else {
            note(field, false, "\(what): '\(text)' is no number.")
            return
        }
        let isRight = abs(number - right) <= 1e-6 * max(1, abs(right))
        note(
            field, isRight,
            isRight
                ? "\(what) is \(Self.short(right)), says the library too."
                : "\(what) is not \(text); the library finds another number.")
    }

    /// Notes whether a formula is the derivative that `check` knows. An empty field is noted only
    /// if it is `required`.
    mutating func noteFormula(
        _ field: String, _ answer: ExerciseAnswer, _ check: FormulaCheck, required: Bool = false
    ) {
        guard let text = answer.text(field) else {
            if required { note(field, false, "Nothing is typed yet.") }
            return
        }
        do throws(FormulaErrors) {
            try check.note(LearnerFormula(text, field: field, names: check.names), in: &self)
        } catch {
            errors += error.errors
        }
    }

    private static func number(_ text: String) -> Double? {
        guard let number = Double(text.replacing("\u{2212}", with: "-")), number.isFinite else {
            return nil
        }
        return number
    }

    /// Without a decimal point where there is nothing behind it.
    static func short(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    }
}
