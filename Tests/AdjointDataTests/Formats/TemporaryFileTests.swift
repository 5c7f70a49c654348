import Adjoint
import Foundation
import Testing

@testable import AdjointData

/// What ended writers leave, and what living ones do beside each other.
@Suite struct TemporaryFileTests {
    private func names(_ path: String) throws -> [String] {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test func whatAnEndedWriterLeftIsTakenOver() throws {
        try withTemporaryFile([1], named: "w.npy") { path in
            let left = path.replacingOccurrences(of: "w.npy", with: ".w.npy.adjoint-0")
            try Data(count: 5000).write(to: URL(fileURLWithPath: left))
            try saveNumpy(Tensor([1.0, 2.0]), to: path)
            #expect(try names(path) == ["w.npy"])
            #expect(try loadNumpy(from: path).array(as: Int.self) == [1, 2])
        }
    }

    @Test func twoWritersDoNotMeet() throws {
        try withTemporaryFile([1], named: "w") { path in
            let first = try FileWriter.stage(for: path) { $0.put([1, 1]) }
            let second = try FileWriter.stage(for: path) { $0.put([2]) }
            #expect(first.slot == "0" && second.slot == "1")
            try first.commit()
            #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == [1, 1])
            try second.commit()
            #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == [2])
            #expect(try names(path) == ["w"])
        }
    }

    @Test func filesOfOthersAreNotWrittenTo() throws {
        try withTemporaryFile([1], named: "w") { path in
            let taken = path.dropLast() + ".w.adjoint-0"
            // Another name of the file leads there: it is not ours alone.
            try FileManager.default.linkItem(atPath: path, toPath: String(taken))
            try FileWriter.write(to: path) { $0.put([7]) }
            #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == [7])
            #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: String(taken)))) == [1])
        }
    }

    @Test func longAndAccentedNamesAreWritten() throws {
        for name in [
            String(repeating: "é", count: 120), "\u{301}x", String(repeating: "n", count: 250),
        ] {
            try withTemporaryFile([1], named: name) { path in
                try saveNumpy(Tensor([3.0]), to: path)
                #expect(try loadNumpy(from: path).array(as: Int.self) == [3])
                #expect(try names(path).count == 1)
            }
        }
    }

    @Test func partsOfAnEndedWriterDisappear() throws {
        try withTemporaryFile([], named: "x") { path in
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            let state: StateDict = ["a": Tensor([1.0]), "b": Tensor([2.0])]
            try saveSharded(state, to: folder, maxShardBytes: 4)
            // As if it had been ended between the index that leads to temporary names and the last.
            let part = ".model-00001-of-00002.safetensors.adjoint-part-0-a"
            try FileManager.default.moveItem(
                atPath: folder + "/model-00001-of-00002.safetensors", toPath: folder + "/" + part)
            let index = folder + "/model.safetensors.index.json"
            let text = try String(contentsOfFile: index, encoding: .utf8)
                .replacingOccurrences(of: "model-00001-of-00002.safetensors", with: part)
            try text.write(toFile: index, atomically: true, encoding: .utf8)
            try Data(count: 3).write(
                to: URL(
                    fileURLWithPath: folder
                        + "/.model-00009-of-00009.safetensors.adjoint-part-0-b"))
            #expect(try load(from: index).count == 2)
            try saveSharded(["c": Tensor([3.0]), "d": Tensor([4.0])], to: folder, maxShardBytes: 4)
            #expect(try load(from: index).keys.sorted() == ["c", "d"])
            #expect(
                try names(path) == [
                    "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
                    "model.safetensors.index.json", "x",
                ])
        }
    }
}

/// Inputs that the fuzzer found.
@Suite struct FoundByFuzzingTests {
    /// A list that holds itself took 4,000 bytes of memory for each of its own before it was
    /// refused.
    @Test func listsThatHoldThemselvesAreRefusedEarly() {
        var pickle: [UInt8] = [0x80, 2, 0x5D, 0x71, 0, 0x28]
        // 8 MiB of references would have been spelled out as gigabytes of names.
        pickle += repeatElement([0x68, 0], count: 4 << 20).joined()
        pickle += [0x65, 0x2E]
        pickle.withUnsafeBytes { bytes in
            var machine = PickleMachine(bytes)
            do throws(PickleMachine.Failure) {
                let root = try machine.run()
                _ = try machine.leaves(of: root)
                Issue.record("the list was read")
            } catch { #expect(error.problem.contains("hold each other")) }
        }
    }

    @Test(arguments: [
        ["a\"\u{301}b", "c"], ["\u{FEFF}a", "b"], ["a\"", "\r\n"], ["\"\"", ","], [""], ["", "a"],
    ])
    func namesOfColumnsComeBack(_ names: [String]) throws {
        try withTemporaryFile([], named: "t.csv") { path in
            try saveCSV(Tensor.ones(1, names.count), to: path, columns: names)
            let columns = try CSVTable(readingFrom: path).columns
            #expect(columns == names && columns.map(\.count) == names.map(\.count))
        }
    }

    /// An array without elements, whose other sizes multiply to more than can be counted, was read
    /// and could not be read back.
    @Test func sizesAroundAnEmptyDimensionAreCounted() throws {
        let sizes: [UInt32] = [393_216, 0, 17_820, 856_503_109]
        var bytes: [UInt8] = [0, 0, 0x0D, 4]
        for size in sizes { withUnsafeBytes(of: size.bigEndian) { bytes += $0 } }
        #expect(throws: DataFileError.self) { try MemoryFile.load(bytes, path: "input") }
        let empty: [UInt8] = [0, 0, 0x0D, 2, 0, 0, 0, 0, 0, 0, 0, 3]
        #expect(try MemoryFile.load(empty, path: "input")["tensor"]?.shape == [0, 3])
    }

    @Test func anIndexStaysInItsFolder() {
        // As JSON spells them.
        for name in ["../\u{301}x", "a/\u{200D}b", "..\\\\\u{301}"] {
            let text = "{\"weight_map\":{\"w\":\"\(name)\"}}"
            let message = #expect(throws: DataFileError.self) {
                try MemoryFile.load(Array(text.utf8), path: "index.json")
            }
            #expect(message?.problem.contains("does not name a file in its folder") == true)
        }
    }
}
