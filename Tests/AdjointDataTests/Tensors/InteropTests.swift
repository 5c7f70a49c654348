import Adjoint
import Testing

/// Files that PyTorch, NumPy and safetensors wrote are read bit for bit.
@Suite struct InteropTests {
    @Test func everyFileHoldsWhatWasRecorded() throws {
        let files = try Fixtures.recorded().filter { $0.key != "arrays_compressed.npz" }
        #expect(files.count == 7)
        try check(files)
    }

    @Test(.needsZlib) func thePackedArchiveHoldsWhatWasRecorded() throws {
        let files = try Fixtures.recorded().filter { $0.key == "arrays_compressed.npz" }
        #expect(files.count == 1)
        try check(files)
        let arrays = try loadNumpyArchive(from: Fixtures.path("arrays_compressed.npz"))
        for (key, recorded) in files.values.joined() { recorded.check(try #require(arrays[key])) }
    }

    private func check(_ files: [String: [String: RecordedTensor]]) throws {
        for (file, tensors) in files {
            let state = try load(from: Fixtures.path(file))
            let wanted = tensors.map {
                (name: $0.key.isEmpty ? "tensor" : $0.key, tensor: $0.value)
            }
            #expect(state.keys.sorted() == wanted.map(\.name).sorted(), "\(file)")
            for (name, recorded) in wanted { recorded.check(try #require(state[name])) }
        }
    }

    @Test func eachFormatIsKnownByItsContent() throws {
        for (file, format) in [
            ("weights.safetensors", .safetensors), ("state_dict.pt", .pyTorch),
            ("c_order.npy", .numpy), ("arrays.npz", .numpyArchive),
            ("arrays_compressed.npz", .numpyArchive), ("images.idx3-ubyte", .idx),
            ("labels.idx1-ubyte", .idx), ("big_endian.pt", .pyTorch),
        ] as [(String, TensorFileFormat)] {
            try withTemporaryFile(Fixtures.bytes(file), named: "misnamed.txt") { path in
                let found = try TensorFileFormat(ofFileAt: path)
                #expect(found == format)
            }
        }
    }

    @Test func theArrayFunctionsReadTheirFormats() throws {
        let files = try Fixtures.recorded()
        for name in ["c_order.npy", "fortran_order.npy", "big_endian.npy", "scalar.npy"] {
            try #require(files[name]?[""]).check(try loadNumpy(from: Fixtures.path(name)))
        }
        let arrays = try loadNumpyArchive(from: Fixtures.path("arrays.npz"))
        for (key, recorded) in try #require(files["arrays.npz"]) {
            recorded.check(try #require(arrays[key]))
        }
        let images = try loadIDX(from: Fixtures.path("images.idx3-ubyte"))
        #expect(images.shape == [3, 4, 4] && images.array(as: Int.self) == Array(0..<48))
        let labels = try load(from: Fixtures.path("labels.idx1-ubyte"))["tensor"]
        #expect(labels?.array(as: Int.self) == [7, 0, 9] && labels?.dtype == .uint8)
    }
}
