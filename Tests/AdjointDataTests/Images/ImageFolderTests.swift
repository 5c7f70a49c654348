import Adjoint
import Foundation
import Testing

@Suite struct ImageFolderTests {
    /// Calls `body` with a folder of classes: images of one value each.
    private func withFolder(_ body: (String) throws -> Void) throws {
        try withTemporaryFile([]) { path in
            let root = URL(fileURLWithPath: path).deletingLastPathComponent().path + "/root"
            for (name, value) in [
                ("b dog/2.png", 20), ("b dog/10.PNG", 21), ("b dog/deep/er/0.png", 22),
                ("Zebra/1.png", 10), ("ä/1.png", 30), ("ä/.hidden.png", 99),
            ] {
                let file = URL(fileURLWithPath: root + "/" + name)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try savePNG(Tensor.full([2, 3], value, dtype: .uint8), to: file.path)
            }
            try Data("notes".utf8).write(to: URL(fileURLWithPath: root + "/ä/notes.txt"))
            try body(root)
        }
    }

    @Test(.needsPNG) func classesAreFoldersInOrder() throws {
        try withFolder { root in
            let folder = try ImageFolder(root)
            #expect(folder.classes == ["Zebra", "b dog", "ä"])
            #expect(folder.classToIndex == ["Zebra": 0, "b dog": 1, "ä": 2])
            #expect(folder.samples.map(\.target) == [0, 1, 1, 1, 2] && folder.count == 5)
            let values = try (0..<5).map { try folder[$0].0[0, 0, 0].item(as: Int.self) }
            #expect(values == [10, 21, 20, 22, 30])
            #expect(try folder[1].0.shape == [3, 2, 3] && folder[1].1.dtype == .int64)
            #expect(try ImageFolder(root, mode: .gray)[0].0.shape == [1, 2, 3])
            let images = folder.map(inputs: Compose(Resize([4, 4]), ToFloat()))
            let batches = Array(DataLoader(images, batchSize: 5, workers: 2))
            #expect(batches[0].0.shape == [5, 3, 4, 4] && batches[0].0.dtype == .float32)
            #expect(batches[0].1.array(as: Int.self) == [0, 1, 1, 1, 2])
            // A link back up is not followed without end.
            try FileManager.default.createSymbolicLink(
                atPath: root + "/Zebra/loop", withDestinationPath: root + "/Zebra")
            #expect(try ImageFolder(root).count == 5)
        }
    }

    @Test(.needsPNG) func aDamagedImageIsNamed() throws {
        try withFolder { root in
            let file = root + "/b dog/2.png"
            let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            try bytes.dropLast(20).write(to: URL(fileURLWithPath: file))
            var batches = DataLoader(try ImageFolder(root), workers: 2).makeIterator()
            #expect(try batches.nextBatch() != nil && batches.nextBatch() != nil)
            #expect(problem { try batches.nextBatch() }.contains("b dog/2.png: the PNG image"))
            #expect(try batches.nextBatch() != nil)
        }
    }

    @Test func foldersWithoutClassesAreRefused() throws {
        try withTemporaryFile([], named: "1.png") { path in
            let root = URL(fileURLWithPath: path).deletingLastPathComponent().path
            #expect(problem { try ImageFolder(root) }.contains("no folders of classes"))
            try FileManager.default.createDirectory(
                atPath: root + "/empty", withIntermediateDirectories: true)
            #expect(problem { try ImageFolder(root) }.contains("empty: there are no images"))
            #expect(problem { try ImageFolder(root + "/none") }.contains("no such folder"))
            #expect(problem { try ImageFolder(path) }.contains("cannot be read"))
        }
    }
}
