import AdjointStudioCore
import Testing

/// The engine that a learner's answers make is run beside the library.
@Suite struct MiniAutogradCheckTests {
    private static let right = [
        "addA": "g", "addB": "g", "multiplyA": "g * b", "multiplyB": "g * a",
        "power": "g * n * a ** (n - 1)", "meeting": "add", "order": "latestFirst",
    ]

    private func verdict(_ changes: [String: String] = [:]) -> ExerciseVerdict {
        Exercise.miniAutograd.verdict(
            on: ExerciseAnswer(answers: Self.right.merging(changes) { $1 }, seed: 5))
    }

    @Test func theRightAnswersMakeAnEngine() {
        let found = verdict()
        #expect(found.isRight, "\(found.findings.map(\.text)) \(found.errors.map(\.message))")
        #expect(
            found.findings.contains {
                $0.text
                    == "c = a + b, d = c * a at (2, 3): your engine gives (7, 2), the library (7, 2)."
            })
        #expect(found.findings.last?.text == "It agrees with the library in 20 random programs.")
    }

    @Test(arguments: [
        ("addA", "g * a", "add"), ("multiplyA", "g * a", "multiply"), ("power", "n * a", "power"),
        ("power", "g * a ** n", "power"), ("meeting", "replace", "meeting"),
        ("order", "earliestFirst", "order"),
    ])
    func oneWrongAnswerIsFound(_ field: String, _ answer: String, _ where: String) {
        let found = verdict([field: answer])
        #expect(!found.isRight)
        #expect(found.findings.contains { $0.field == `where` && !$0.isRight })
    }

    @Test func whatIsMissingIsSaid() {
        #expect(!verdict(["addA": "  "]).isRight)
        #expect(!verdict(["order": ""]).isRight)
        #expect(!verdict(["meeting": "perhaps"]).isRight)
        let unreadable = verdict(["power": "g * m"])
        #expect(!unreadable.isRight)
        #expect(
            unreadable.errors.first?.message == "there is no m here; the formula may use g, a, n")
    }
}
