import Foundation
import Testing

@testable import AdjointStudioCore

/// The lessons say what the library does.
@Suite struct LessonTests {
    @Test func everyFileIsInTheIndex() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: LessonFiles.folder.path)
        let names = try LessonFiles.order().map { "\($0).json" } + ["index.json"]
        #expect(files.sorted() == names.sorted())
        #expect(LessonFiles.all.count == names.count - 1)
        #expect(LessonFiles.all.map { "\($0.id).json" } == names.dropLast())
    }

    @Test(arguments: LessonFiles.all.map(\.id))
    func itsCodeIsAProgramThatTheTestsRun(_ id: String) throws {
        let lesson = try LessonFiles.lesson(id)
        let file = LessonFiles.root
            .appendingPathComponent("Snippets/Lessons/\(lesson.snippet).swift")
        let shown =
            lesson.sections.compactMap(\.code).map { $0.joined(separator: "\n") }
            .joined(separator: "\n\n") + "\n"
        #expect(try String(contentsOf: file, encoding: .utf8) == shown)
    }

    @Test(arguments: LessonFiles.all.map(\.id))
    func everyClaimIsProved(_ id: String) throws {
        let lesson = try LessonFiles.lesson(id)
        #expect(!lesson.claims.isEmpty)
        for claim in lesson.claims {
            guard let proof = LessonProof.all[claim.proof] else {
                Issue.record("\(id): the claim \(claim.id) has no proof \(claim.proof)")
                continue
            }
            let found = try proof()
            #expect(found == claim.value, "\(claim.proof)")
        }
    }

    @Test func everyProofIsClaimed() {
        let claimed = Set(LessonFiles.all.flatMap { $0.claims.map(\.proof) })
        #expect(claimed == Set(LessonProof.all.keys))
    }

    @Test(arguments: LessonFiles.all.map(\.id))
    func valuesOfALessonAreItsClaims(_ id: String) throws {
        let claims = try LessonFiles.lesson(id).claims
        let values = try LessonProof.values(of: id)
        #expect(values.count == claims.count)
        for claim in claims { #expect(values[claim.id] == claim.value) }
    }

    /// A number in the text is a claim or a fact, and each of those is in the text.
    @Test(arguments: LessonFiles.all.map(\.id))
    func itsTextStatesClaimsAndFacts(_ id: String) throws {
        let lesson = try LessonFiles.lesson(id)
        let known = lesson.claims.map(\.id) + lesson.facts.map(\.id)
        #expect(Set(known).count == known.count)
        #expect(lesson.references == Set(known))
        for text in lesson.prose {
            let plain = text.replacing(/`[^`]*`/, with: "")
            let digits = plain.filter { $0.isASCII && $0.isNumber }
            #expect(digits.isEmpty, "a bare number in: \(text)")
            #expect(plain.filter { $0 == "*" }.count % 2 == 0 && !plain.contains("`"), "\(text)")
        }
    }

    @Test(arguments: LessonFiles.all.map(\.id))
    func itHasAQuickCheckAndAStepper(_ id: String) throws {
        let lesson = try LessonFiles.lesson(id)
        #expect(!lesson.checks.isEmpty)
        for check in lesson.checks {
            #expect(check.choices.count == 4 && Set(check.choices).count == 4)
            #expect(check.choices.indices.contains(check.answer) && !check.why.isEmpty)
        }
        for table in lesson.sections.compactMap(\.table) {
            #expect(table.rows.allSatisfy { $0.count == table.head.count })
        }
        let examples = lesson.sections.compactMap { $0.stepper?.example }
        #expect(!examples.isEmpty)
        for example in examples { #expect(Example.find(example) != nil, "\(example)") }
    }

    @Test func idsAreUsedOnce() {
        let ids = LessonFiles.all.flatMap { $0.checks.map(\.id) }
        #expect(Set(ids).count == ids.count)
    }
}
