import Foundation
import Testing

@testable import AdjointStudioCore

/// The Knowledge Check: each answer is proved by an event of a recorded computation.
@Suite struct QuizTests {
    struct Quiz: Decodable {
        let topics: [String: String]
        let questions: [Question]
    }

    struct Question: Decodable, Sendable, CustomTestStringConvertible {
        struct Proof: Decodable {
            let event: String
            /// A way into the event's record: "after.data"; "node.…" goes into the event's node.
            let path: String
            let value: QuizTests.Value
        }
        let id: String
        let choices: [String]
        let answer: Int
        let trace: String
        let atEvent: Int
        let proof: Proof
        var testDescription: String { id }
    }

    typealias Value = ClaimValue

    static let quiz: Quiz? = {
        let file = LessonFiles.root.appendingPathComponent("web/content/quiz.json")
        guard let data = try? Data(contentsOf: file) else { return nil }
        return try? JSONDecoder().decode(Quiz.self, from: data)
    }()

    @Test func tenQuestionsOfTenTopics() throws {
        let quiz = try #require(Self.quiz)
        #expect(quiz.questions.count == 10)
        #expect(Set(quiz.questions.map(\.id)) == Set(quiz.topics.keys))
        for question in quiz.questions {
            #expect(question.choices.count == 4 && (0..<4).contains(question.answer))
            let example = question.trace.split(separator: ":").last.map(String.init) ?? ""
            #expect(Example.find(example) != nil, "\(question.trace)")
        }
    }

    @Test(arguments: quiz?.questions ?? [])
    func theEventProvesTheAnswer(_ question: Question) async throws {
        let records = try await Self.records(of: question.trace)
        let events = records.filter { $0["t"] as? String == "ev" }
        let right = events.filter { Self.proves(question.proof, $0, records) }
            .compactMap { $0["i"] as? Int }
        #expect(
            right.contains(question.atEvent),
            "\(question.trace): atEvent is \(question.atEvent), and the proof is at \(right)")
        // An answer that is a number is the number of the proof.
        if let number = Double(question.choices[question.answer]) {
            #expect(question.proof.value == .numbers([number]))
        }
    }

    private static func proves(
        _ proof: Question.Proof, _ event: [String: Any], _ records: [[String: Any]]
    ) -> Bool {
        guard event["e"] as? String == proof.event else { return false }
        return value(event, proof.path, records) == proof.value
    }

    /// What the path leads to in the event. "count" is the number of events of this kind so far.
    private static func value(
        _ event: [String: Any], _ path: String, _ records: [[String: Any]]
    ) -> Value? {
        if path == "count" {
            let kind = event["e"] as? String
            let until = event["i"] as? Int ?? 0
            return .number(
                Double(
                    records.filter {
                        $0["t"] as? String == "ev" && $0["e"] as? String == kind
                            && ($0["i"] as? Int ?? .max) <= until
                    }.count))
        }
        var steps = path.split(separator: ".").map(String.init)
        var here: Any? = event
        if steps.first == "node" {
            steps.removeFirst()
            let id = event["node"] as? Int
            here = records.first { $0["t"] as? String == "node" && $0["id"] as? Int == id }
        }
        for step in steps {
            if let list = here as? [Any], let index = Int(step) {
                here = list.indices.contains(index) ? list[index] : nil
            } else {
                here = (here as? [String: Any])?[step]
            }
        }
        switch here {
        case let text as String: return .text(text)
        case let number as NSNumber: return .number(number.doubleValue)
        case let numbers as [NSNumber]: return .numbers(numbers.map(\.doubleValue))
        default: return nil
        }
    }

    /// The trace of an example, as the pages get it.
    private static func records(of trace: String) async throws -> [[String: Any]] {
        let id = trace.replacingOccurrences(of: ":", with: "%3A")
        let response = await StudioClient().get("/api/traces/\(id)?format=jsonl")
        let text = await response.text()
        return try text.split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }
}
