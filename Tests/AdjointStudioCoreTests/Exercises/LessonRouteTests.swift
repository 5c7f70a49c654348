import Foundation
import Testing

@testable import AdjointStudioCore

/// Answers and claims over HTTP.
@Suite struct LessonRouteTests {
    @Test func anAnswerIsJudged() async throws {
        let client = StudioClient()
        let right = await client.post(
            "/api/check/higher-order", #"{"answers": {"second": "8", "third": "24"}}"#)
        #expect(right.status == 200)
        let answer = try right.object
        #expect(answer["right"] as? Bool == true)
        let fine = try #require(answer["findings"] as? [[String: Any]])
        #expect(fine.map { $0["right"] as? Bool } == [true, true])
        let wrong = await client.post(
            "/api/check/training-loop", #"{"blocks": ["predict", "compare", "backward", "step"]}"#)
        let verdict = try wrong.object
        #expect(verdict["right"] as? Bool == false)
        #expect((verdict["steps"] as? [Any])?.count == 40)
        let findings = try #require(verdict["findings"] as? [[String: Any]])
        #expect(findings.contains { ($0["right"] as? Bool) == false })
    }

    @Test(arguments: [
        ("/api/check/knitting", "{}", 404), ("/api/check/chain-rule", "[", 400),
        ("/api/check/chain-rule", #"{"answers": 3}"#, 400), ("/api/check/chain-rule", "{}", 200),
    ])
    func whateverIsSentIsAnswered(_ path: String, _ sent: String, _ status: Int) async throws {
        let response = await StudioClient().post(path, sent)
        #expect(response.status == status)
        let body = try response.object
        #expect(body["right"] as? Bool == (status == 200 ? false : nil))
    }

    @Test func numbersThatAreNoneStayText() async throws {
        // 0 / 0 at 0: the point is in the answer, as the word that JSON has for it here.
        let response = await StudioClient().post(
            "/api/check/higher-order", #"{"answers": {"thirdFormula": "24 * x * log(x - 9)"}}"#)
        let text = await response.text()
        #expect(text.contains(#""answer":"NaN""#))
    }

    @Test func claimsAreComputed() async throws {
        let client = StudioClient()
        let claims = try await client.get("/api/claims/what").object
        #expect(claims["slope"] as? Double == 7)
        let unknown = await client.get("/api/claims/knitting")
        #expect(unknown.status == 404)
    }

    @Test func claimsOfEveryLesson() async throws {
        for lesson in LessonFiles.all {
            let claims = try await StudioClient().get("/api/claims/\(lesson.id)").object
            #expect(Set(claims.keys) == Set(lesson.claims.map(\.id)))
        }
    }
}
