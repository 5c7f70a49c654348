import Adjoint
import Foundation
import Testing

@testable import AdjointData

/// Files of every format, changed at random: reading them gives a typed error, or tensors that can
/// be read to their last element.
///
/// ADJOINT_MUTANTS=100000 makes more of each file than a test run has time for.
@Suite struct MutationTests {
    private static let rounds =
        ProcessInfo.processInfo.environment["ADJOINT_MUTANTS"].flatMap { Int($0) } ?? 2000

    /// Calls `read` with `bytes` as they are, then with mutants of them.
    private func survive(
        _ bytes: [UInt8], mostRefused: Bool = true,
        _ read: (UnsafeRawBufferPointer) throws -> [Tensor]
    ) {
        var source = MutationSource(seed: UInt64(bytes.count) << 32 | 0x9E37_79B9)
        var (good, refused) = (0, 0)
        for number in 0..<Self.rounds {
            let mutant = number == 0 ? bytes : source.mutant(of: bytes)
            do {
                for tensor in try mutant.withUnsafeBytes(read) where tensor.numel < 1 << 16 {
                    #expect(tensor.array(as: Double.self).count == tensor.numel)
                }
                good += 1
            } catch let error as DataFileError {
                if number == 0 || error.description.contains(where: \.isNewline) {
                    Issue.record(error)
                }
                refused += 1
            } catch { Issue.record(error) }
        }
        #expect(good + refused == Self.rounds && good > 0)
        #expect(refused > (mostRefused ? Self.rounds / 4 : 0))
    }

    private func tensors(_ bytes: UnsafeRawBufferPointer) throws -> [Tensor] {
        Array(try state(FileMemory(copying: bytes), path: Fixtures.path("mutant")).values)
    }

    @Test(arguments: [
        "weights.safetensors", "state_dict.pt", "checkpoint_protocol4.pt", "c_order.npy",
        "fortran_order.npy", "arrays.npz", "images.idx3-ubyte", "big_endian.pt",
    ])
    func tensorFilesAreSurvived(file: String) throws {
        survive(try Fixtures.bytes(file), tensors)
    }

    @Test(.needsZlib) func packedArchivesAreSurvived() throws {
        survive(try Fixtures.bytes("arrays_compressed.npz"), tensors)
    }

    @Test func indicesAreSurvived() {
        let index =
            "{\"metadata\":{\"total\":-1.5},\"weight_map\":{\"half\":\"weights.safetensors\"}}"
        survive(Array(index.utf8), tensors)
    }

    @Test func statesOfTrainingAreSurvived() throws {
        try withTemporaryFile([]) { path in
            try TrainingState(
                model: ["w": Tensor([1.0, 2.0])], optimizer: ["step": Tensor(3)],
                schedulerSteps: 5, generator: .init(seed: 1, offset: 2),
                loader: .init(epoch: .init(seed: 3, offset: 4), batch: 5), notes: ["a": "b"]
            ).save(to: path)
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            survive(bytes) { mutant in
                let state = try TrainingState(FileMemory(copying: mutant), path: "mutant")
                return Array(state.model.values) + Array(state.optimizer.values)
            }
        }
    }

    @Test func tablesAreSurvived() {
        survive(Array("a,\"b\"\r\n1,2.5\n\"3\",-4e2\n5,1e-7\n".utf8)) { mutant in
            let table = try CSVTable(Array(mutant), path: "mutant")
            #expect(table.values.count == table.rowCount * table.columns.count)
            return [Tensor(table.values)]
        }
    }

    @Test(
        .needsPNG,
        arguments: ["rgb-alpha-16.png", "palette-alpha.png", "interlaced.png", "gray-1.png"])
    func picturesAreSurvived(file: String) throws {
        survive(try Fixtures.bytes("images/" + file)) { [try decodeImage(Array($0))] }
    }

    @Test(.needsJPEG, arguments: ["gray.jpg", "rgb.jpg", "progressive.jpeg"])
    func photographsAreSurvived(file: String) throws {
        survive(try Fixtures.bytes("images/" + file)) { [try decodeImage(Array($0))] }
    }
}
