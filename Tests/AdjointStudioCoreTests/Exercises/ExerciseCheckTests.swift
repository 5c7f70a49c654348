import AdjointStudioCore
import Foundation
import Testing

/// Answers to the exercises of the page are judged by what the library computes.
@Suite struct ExerciseCheckTests {
    private func verdict(_ exercise: Exercise, _ answers: [String: String]) -> ExerciseVerdict {
        exercise.verdict(on: ExerciseAnswer(answers: answers, seed: 11))
    }

    private func finding(_ verdict: ExerciseVerdict, _ field: String) -> ExerciseVerdict.Finding? {
        verdict.findings.first { $0.field == field }
    }

    @Test func theChainRuleByHand() {
        let numbers = ["dx": "54", "dy": " 27.0 "]
        #expect(verdict(.chainRule, numbers).isRight)
        let formulas = numbers.merging(
            ["dxFormula": "6*x*(x**2 + y)**2", "dyFormula": "3*(x**2 + y)**2"]
        ) { $1 }
        let right = verdict(.chainRule, formulas)
        #expect(right.isRight && right.findings.count == 4)
        for field in ["dxFormula", "dyFormula"] {
            let points = finding(right, field)?.points ?? []
            #expect(points.count == 24)
            #expect(points.allSatisfy { abs($0.nudged - $0.right) <= 1e-4 * max(1, abs($0.right)) })
        }
    }

    @Test func aWrongFormulaShowsItsWorstPointFirst() throws {
        let answers = ["dx": "54", "dy": "9", "dxFormula": "3*(x**2 + y)**2"]
        let wrong = verdict(.chainRule, answers)
        #expect(!wrong.isRight)
        #expect(finding(wrong, "dx")?.isRight == true && finding(wrong, "dy")?.isRight == false)
        let points = try #require(finding(wrong, "dxFormula")).points
        #expect(points[0].difference == points.map(\.difference).max())
        #expect(points[0].difference > 1)
        let x = try #require(points[0].at["x"]), y = try #require(points[0].at["y"])
        let u = x * x + y
        #expect(abs(points[0].answer - 3 * u * u) < 1e-9 * max(1, u * u))
        #expect(abs(points[0].right - 6 * x * u * u) < 1e-9 * max(1, u * u))
    }

    @Test func theSeedChoosesThePoints() {
        func points(_ seed: Int) -> [Double?] {
            let answer = ExerciseAnswer(answers: ["dxFormula": "x"], seed: seed)
            return finding(Exercise.chainRule.verdict(on: answer), "dxFormula")?
                .points.map { $0.at["x"] } ?? []
        }
        #expect(points(1) == points(1) && points(1) != points(2) && points(1).count == 24)
    }

    @Test(arguments: [
        ("", "Nothing is typed yet."), ("six", "is no number"), ("NaN", "is no number"),
        ("1e999", "is no number"),
    ])
    func aNumberThatIsNone(_ text: String, _ message: String) {
        let found = finding(verdict(.higherOrder, ["second": text, "third": "24"]), "second")
        #expect(found?.isRight == false)
        #expect(found?.text.lowercased().contains(message.lowercased()) == true)
    }

    @Test(arguments: [
        ("6*x*(", "dxFormula"), ("z + 1", "there is no z here; the formula may use x, y"),
        ("x > 0", "dxFormula"), ("import Foundation", "dxFormula"),
        (String(repeating: "(", count: 400), "dxFormula"),
    ])
    func aFormulaThatIsNone(_ text: String, _ message: String) {
        let found = verdict(.chainRule, ["dx": "54", "dy": "27", "dxFormula": text])
        #expect(!found.isRight)
        guard let error = found.errors.first else {
            // A comparison is a number, 0 or 1, and no derivative of this function.
            #expect(finding(found, "dxFormula")?.isRight == false)
            return
        }
        #expect(error.field == "dxFormula" && error.column >= 1 && !error.message.isEmpty)
        #expect(message == "dxFormula" || error.message == message)
    }

    @Test func higherOrder() {
        let right = ["second": "8", "third": "24"]
        #expect(verdict(.higherOrder, right).isRight)
        #expect(!verdict(.higherOrder, ["second": "12", "third": "24"]).isRight)
        let formulas = right.merging(
            ["secondFormula": "12*x**2 - 4", "thirdFormula": "24*x"]
        ) { $1 }
        #expect(verdict(.higherOrder, formulas).isRight)
        let wrong = right.merging(["thirdFormula": "24"]) { $1 }
        #expect(!verdict(.higherOrder, wrong).isRight)
    }

    @Test(arguments: ["0", "1", "-1", "0.25"])
    func anAbsoluteValueWithAnyFairChoice(_ choice: String) {
        let formula = "g * where(x > 0, 1, where(x < 0, -1, \(choice)))"
        let found = verdict(.absoluteValue, ["backward": formula])
        #expect(found.isRight)
        #expect(found.findings.last?.text.contains("you chose \(choice)") == true)
        #expect(found.findings.last?.text.contains("The library chooses 0") == true)
    }

    @Test(arguments: [
        ("g * x / abs(x)", "0 divided by 0"), ("g", "Away from 0 it is not right"),
        ("where(x > 0, 1, where(x < 0, -1, 0))", "Away from 0 it is not right"),
        ("g * where(x > 0, 1, where(x < 0, -1, 2))", "crosses |x|"),
        ("where(x > 0, g, where(x < 0, -g, 0.5))", "must grow with g"), ("", "Nothing is typed"),
    ])
    func anAbsoluteValueThatIsWrong(_ formula: String, _ message: String) {
        let found = verdict(.absoluteValue, ["backward": formula])
        #expect(!found.isRight)
        #expect(found.findings.contains { !$0.isRight && $0.text.contains(message) })
    }
}
