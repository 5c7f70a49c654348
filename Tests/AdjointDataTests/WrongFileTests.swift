import Adjoint
import AdjointTesting
import Foundation
import Testing

/// What is not in a file, and what no file holds: each of these ended the process once.
@Suite struct WrongFileTests {
    /// No memory holds them, and an Int does not count the bytes of most.
    private let huge = [
        Tensor.zeros([1 << 62], dtype: .int16, device: .meta),
        Tensor.zeros([1 << 62], dtype: .float32, device: .meta),
        Tensor.zeros([1 << 31, 1 << 30], dtype: .uint8, device: .meta),
        Tensor.zeros([3, 1 << 40], dtype: .float64, device: .meta),
    ]

    @Test("an example that a file does not have is an error")
    func examples() throws {
        try withTemporaryFile(Array("a\nb\n".utf8)) { path in
            let lines = try LinesDataset(path)
            #expect(lines.count == 2)
            for i in [2, -1, .max, .min] {
                #expect(tensorError { _ = try lines[i] }?.kind == .index)
            }
            // Files that nobody reads need be no images.
            let root = URL(fileURLWithPath: path).deletingLastPathComponent().path + "/root"
            try FileManager.default.createDirectory(
                atPath: root + "/cat", withIntermediateDirectories: true)
            try Data([0]).write(to: URL(fileURLWithPath: root + "/cat/1.png"))
            let images = try ImageFolder(root)
            #expect(images.count == 1)
            for i in [1, -1, .max, .min] {
                #expect(tensorError { _ = try images[i] }?.kind == .index)
            }
        }
    }

    @Test("a column that a table does not have is an error")
    func columns() throws {
        try withTemporaryFile(Array("a,b\n1,2\n3,4\n".utf8)) { path in
            let table = try CSVTable(readingFrom: path)
            #expect(table.column(1) == [2, 4])
            for i in [2, -1, .max, .min] {
                #expect(tensorError { _ = table.column(i) }?.kind == .index)
            }
        }
    }

    @Test("a tensor without data is not saved, however large it is")
    func saving() throws {
        let savers: [(StateDict, String) throws -> Void] = [
            { try save($0, to: $1) }, { try savePyTorch($0, to: $1) },
            { try saveNumpyArchive($0, to: $1) }, { try saveSharded($0, to: $1 + "-parts") },
            { try saveSharded($0, to: $1 + "-parts", maxShardBytes: .max) },
            { try TrainingState(model: $0).save(to: $1) },
        ]
        try withTemporaryFile([7]) { path in
            for tensor in huge {
                for saver in savers {
                    let state = ["a": Tensor.zeros(3), "b": tensor, "c": tensor]
                    #expect(tensorError { try saver(state, path) }?.kind == .device)
                }
                #expect(tensorError { try saveNumpy(tensor, to: path) }?.kind == .device)
                #expect(tensorError { try saveCSV(tensor, to: path) }?.kind == .device)
            }
            let kept = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(kept == Data([7]))
        }
    }

    @Test("a table that cannot be read leaves the file as it was")
    func tables() throws {
        try withTemporaryFile([7]) { path in
            let table = Tensor.zeros([5, 3], device: .meta)
            #expect(tensorError { try saveCSV(table, to: path) }?.kind == .device)
            #expect(tensorError { try saveCSV(table.to(.int64), to: path) }?.kind == .device)
            #expect(
                tensorError {
                    _ = Tensor.zeros(2) + Tensor.zeros(3)
                    try saveCSV(Tensor.zeros(5, 3), to: path)
                }?.kind == .shape)
            let kept = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(kept == Data([7]))
        }
    }
}
