import AdjointStudioCore
import Foundation
import Testing

/// `web/content/exercises.json` asks what the checks judge.
@Suite struct ExerciseFileTests {
    private struct File: Decodable {
        let exercises: [Entry]
    }

    private struct Entry: Decodable {
        struct Field: Decodable {
            struct Choice: Decodable {
                let value: String
            }
            let name: String
            let kind: String
            let choices: [Choice]?
        }
        struct Block: Decodable {
            let name: String
            let line: String
        }
        let id: String
        let file: String
        let fields: [Field]?
        let blocks: [Block]?
        let start: [String]?
    }

    private static let entries: [Entry] = {
        let file = LessonFiles.root.appendingPathComponent("web/content/exercises.json")
        let data = (try? Data(contentsOf: file)) ?? Data()
        return (try? JSONDecoder().decode(File.self, from: data))?.exercises ?? []
    }()

    @Test func everyExerciseIsThere() throws {
        #expect(Self.entries.map(\.id) == Exercise.allCases.map(\.rawValue))
        for entry in Self.entries {
            let file = LessonFiles.root.appendingPathComponent("Exercises/\(entry.file)")
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(text.hasPrefix("// Exercise: \(entry.id)\n"))
        }
    }

    /// Each field of a form is judged: an answer that is nonsense makes a finding or an error.
    @Test func everyFieldIsJudged() throws {
        for entry in Self.entries where entry.fields != nil {
            let exercise = try #require(Exercise(rawValue: entry.id))
            let fields = try #require(entry.fields)
            for field in fields where field.kind != "choice" {
                let verdict = exercise.verdict(
                    on: ExerciseAnswer(answers: [field.name: "nonsense"]))
                let judged =
                    verdict.findings.filter { !$0.isRight }.map(\.field)
                    + verdict.errors.map(\.field)
                #expect(judged.contains(field.name), "\(entry.id) \(field.name)")
            }
            for choice in fields where choice.kind == "choice" {
                #expect(choice.choices?.count == 2)
            }
        }
    }

    /// The lines on offer run under the names that the page sends.
    @Test func everyLineIsKnown() throws {
        let entry = try #require(Self.entries.first { $0.blocks != nil })
        let blocks = try #require(entry.blocks)
        for block in blocks {
            let verdict = Exercise.trainingLoop.verdict(on: ExerciseAnswer(blocks: [block.name]))
            #expect(!verdict.findings.contains { $0.text.contains("not on offer") })
        }
        // A line that comes too early is named as the page shows it.
        let early = Exercise.trainingLoop.verdict(on: ExerciseAnswer(blocks: ["backward"]))
        let line = try #require(blocks.first { $0.name == "backward" }).line
        #expect(early.findings.first?.text.contains(line) == true)
        let names = blocks.map(\.name)
        #expect(try #require(entry.start).allSatisfy(names.contains))
        #expect(
            !Exercise.trainingLoop.verdict(on: ExerciseAnswer(blocks: entry.start ?? [])).isRight)
    }
}
