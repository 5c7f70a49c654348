import Foundation
import Testing

@testable import AdjointTraining

@Suite struct RunFolderTests {
    @Test func nothingIsOverwritten() throws {
        try withFiles { path in
            let folder = try RunFolder(creating: path("a/b/run"))
            #expect(folder.path == path("a/b/run"))
            let error = try #require(throws: RunError.self) {
                try RunFolder(creating: path("a/b/run"))
            }
            #expect(
                error.description.hasSuffix(
                    "exists already; name another with --output, or remove it"))
            try "x".write(toFile: path("file"), atomically: true, encoding: .utf8)
            #expect(throws: RunError.self) { try RunFolder(creating: path("file")) }
            #expect(throws: RunError.self) { try RunFolder(creating: path("file/run")) }
            #expect(throws: RunError.self) { try RunFolder(existing: path("file")) }
        }
    }

    @Test func namesAreCounted() throws {
        try withFiles { path in
            let names = try (0..<3).map { _ in try RunFolder(named: "d", in: path("runs")).path }
            #expect(names == [path("runs/d"), path("runs/d-2"), path("runs/d-3")])
        }
    }

    @Test func whatIsWrittenIsReadAndNothingElseIsLeft() throws {
        try withFiles { path in
            let folder = try RunFolder(creating: path("run"))
            var metrics = [sampleMetrics(1)]
            try folder.write(metrics, to: .configuration)
            metrics.append(sampleMetrics(3))
            try folder.write(metrics, to: .configuration)
            #expect(try folder.read([EpochMetrics].self, from: .configuration) == metrics)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["config.json"])
            try folder.write("{", to: .configuration)
            let error = try #require(throws: RunError.self) {
                try folder.read([EpochMetrics].self, from: .configuration)
            }
            #expect(error.description.contains("config.json is damaged"))
            folder.discard()
            #expect(!FileManager.default.fileExists(atPath: folder.path))
        }
    }

    @Test func configurationsKeepEveryBit() throws {
        let digits = Digits.load()
        for source in [
            DataSource.digits, .table(path: "a b.csv", label: "y"),
            .images(path: "i.gz", labels: "l.gz"),
        ] {
            let configuration = RunConfiguration(
                source: source, fingerprint: digits.fingerprint,
                inputs: ModelInputs(training: digits, labelName: "label"), model: .cnn,
                optimizer: .adamw, epochs: 3, batchSize: 64, learningRate: 0.1 + 0.2, seed: -7)
            let data = try JSONEncoder().encode(configuration)
            #expect(try JSONDecoder().decode(RunConfiguration.self, from: data) == configuration)
        }
    }

    @Test func runsAreNamedAfterTheirData() {
        #expect(DataSource.digits.shortName == "digits")
        #expect(DataSource.table(path: "/x/iris data.csv.gz", label: "y").shortName == "irisdata")
        #expect(DataSource.images(path: "..", labels: nil).shortName == "data")
    }
}

@Suite struct JSONLineTests {
    @Test func isOneLineOfJSON() throws {
        let line = JSONLine([
            ("event", .text("a\"\\\n\u{1}é")), ("n", .integer(-3)), ("x", .number(0.1)),
            ("bad", .number(.nan)), ("list", .list([.number(1), .null])),
        ])
        #expect(
            line.description
                == #"{"event": "a\"\\\n\u0001é", "n": -3, "x": 0.1, "bad": null, "list": [1.0, null]}"#
        )
        #expect(throws: Never.self) {
            try JSONSerialization.jsonObject(with: Data(line.description.utf8))
        }
    }
}

@Test func shellWordsAreQuoted() {
    #expect(shellWord("runs/digits-cnn-seed0") == "runs/digits-cnn-seed0")
    #expect(shellWord("my run") == "'my run'")
    #expect(shellWord("it's") == #"'it'\''s'"#)
    #expect(shellWord("") == "''")
}

func sampleMetrics(_ epoch: Int, loss: Double? = nil) -> EpochMetrics {
    EpochMetrics(
        epoch: epoch, step: epoch * 10, learningRate: 0.01, trainLoss: loss ?? 2.0 / Double(epoch),
        trainAccuracy: 1 - 0.5 / Double(epoch), heldOutLoss: 2.1 / Double(epoch),
        heldOutAccuracy: 1 - 0.6 / Double(epoch))
}
