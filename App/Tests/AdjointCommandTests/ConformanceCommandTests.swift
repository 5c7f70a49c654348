import Foundation
import Testing

/// `adjoint conformance`: a line an operator, the totals alone on the last line, 0 if all passed.
@Suite struct ConformanceCommandTests {
    private static func line(_ op: String, _ out: Double) -> String {
        """
        {"op": "\(op)", "variant": "", "args": [{"$t": 0}], "kwargs": {}, "tensors": [{"shape": \
        [1], "dtype": "float64", "data": [3.0], "requires_grad": false}], "out": [{"shape": [1], \
        "dtype": "float64", "data": [\(out)]}]}

        """
    }

    private func run(_ arguments: [String], _ files: [String: String]) throws -> AdjointProcess {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("conformance-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        return try AdjointProcess(["conformance"] + arguments, in: folder)
    }

    @Test("what passes ends with 0")
    func passes() throws {
        let text = Self.line("neg", -3) + Self.line("square", 9) + Self.line("neg", -3)
        let result = try run(["a.jsonl", "--strict"], ["a.jsonl": text])
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(
            result.lines == ["neg: 2 passed", "square: 1 passed", "3 passed, 0 failed, 0 skipped"])
    }

    @Test("what fails ends with 1, and says where")
    func fails() throws {
        let files = ["b.jsonl": Self.line("neg", 3), "a.jsonl": Self.line("no_such", 1)]
        let result = try run(["."], files)
        #expect(result.status == 1 && result.errors.isEmpty)
        #expect(result.lines[0] == "no_such: 1 failed: a.jsonl:1: there is no such operator here")
        #expect(result.lines[1].hasPrefix("neg: 1 failed: b.jsonl:1: value is -3.0 instead of 3.0"))
        #expect(result.lines[2] == "0 passed, 2 failed, 0 skipped")
    }

    @Test("JSON has an object an operator, and the totals")
    func json() throws {
        let result = try run(["a.jsonl", "--json"], ["a.jsonl": Self.line("neg", -3)])
        let objects = try result.lines.map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(objects.count == 2 && objects[0]["operator"] as? String == "neg")
        #expect(objects[1]["passed"] as? Int == 1 && objects[1]["failed"] as? Int == 0)
    }

    @Test("nothing to replay is one line of error")
    func nothing() throws {
        for (path, message) in [
            ("none", "no file or folder 'none'"), (".", "holds no .jsonl file"),
        ] {
            let result = try run([path], [:])
            #expect(result.status == 1 && result.output.isEmpty)
            #expect(
                result.errors.contains(message) && result.errors.split(separator: "\n").count == 1)
        }
    }
}
