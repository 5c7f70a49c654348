import AdjointStudioCore
import Foundation

/// `web/content/lessons` and the programs that its code makes up.
enum LessonFiles {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let folder = root.appendingPathComponent("web/content/lessons")

    private struct Index: Decodable {
        let lessons: [String]
    }

    /// The lessons in their order.
    static func order() throws -> [String] {
        try JSONDecoder().decode(
            Index.self, from: Data(contentsOf: folder.appendingPathComponent("index.json"))
        ).lessons
    }

    static func lesson(_ id: String) throws -> Lesson {
        try JSONDecoder().decode(
            Lesson.self, from: Data(contentsOf: folder.appendingPathComponent("\(id).json")))
    }

    static let all: [Lesson] = (try? order().map(lesson)) ?? []
}

extension Lesson {
    /// Everything a reader reads, code aside.
    var prose: [String] {
        var texts = [summary]
        for check in checks { texts += [check.question, check.why] + check.choices }
        for section in sections {
            texts.append(section.heading)
            texts += section.text ?? []
            texts += section.after ?? []
            if let stepper = section.stepper { texts.append(stepper.note) }
            if let table = section.table {
                texts += [table.caption] + table.head + table.rows.joined()
            }
        }
        return texts
    }

    /// The names between braces in its prose: `{slope}`.
    var references: Set<String> {
        Set(
            prose.flatMap { text in
                text.matches(of: /\{([A-Za-z]+)\}/).map { String($0.1) }
            })
    }
}
