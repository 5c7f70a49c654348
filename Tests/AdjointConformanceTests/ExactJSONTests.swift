import Foundation
import Testing

@testable import AdjointConformance

@Suite struct ExactJSONTests {
    @Test("numbers come back bit by bit")
    func exact() throws {
        var generator = SystemRandomNumberGenerator()
        let numbers = (0..<2000).map { _ in
            Double.random(in: -1...1, using: &generator)
                * Double(sign: .plus, exponent: Int.random(in: -300...300), significand: 1)
        }
        let line = "[" + numbers.map(String.init(describing:)).joined(separator: ", ") + "]"
        let read = try #require(try ExactJSON.value(Data(line.utf8)) as? [NSNumber])
        #expect(read.map(\.doubleValue) == numbers)
    }

    @Test("the rest is as Foundation reads it")
    func whole() throws {
        let line =
            " { \"a\" : [ ] , \"b\\n\\u00e9\": {\"c\": [1, -2.5e-3, true, false, null, \"x\\\"y\"]}} "
        let got = try ExactJSON.value(Data(line.utf8)) as? NSDictionary
        let want = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary
        #expect(got != nil && got == want)
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            "", "{", "[1,]", "[1 2]", "{\"a\"}", "{\"a\": 1,}", "tru", "\"a", "1 2", "-", "1e999",
            "{1: 2}", "\"\\", String(repeating: "[", count: 100_000),
        ])
    func malformed(_ line: String) {
        #expect(throws: Malformed.self) { try ExactJSON.value(Data(line.utf8)) }
    }
}
