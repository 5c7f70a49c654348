import Adjoint
import AdjointTesting
import Foundation
import Testing

@Suite struct TableFileTests {
    @Test(arguments: [DType.uint8, .int8, .int16, .int32, .float32, .float64])
    func arraysComeBack(dtype: DType) throws {
        try withTemporaryFile([], named: "x.idx") { path in
            for shape in [[5], [2, 3], [2, 1, 3], [1, 2, 3, 2], [0, 4]] {
                let array = (Tensor.arange(0, shape.reduce(1, *)).reshape(shape) * 21 - 3).to(dtype)
                try saveIDX(array, to: path)
                let back = try loadIDX(from: path)
                #expect(back.dtype == dtype)
                try expectClose(back, array, atol: 0, rtol: 0)
            }
        }
    }

    @Test func aWrittenArrayIsTheFileThatMNISTHas() throws {
        try withTemporaryFile([], named: "x.idx") { path in
            for name in ["images.idx3-ubyte", "labels.idx1-ubyte"] {
                try saveIDX(loadIDX(from: Fixtures.path(name)), to: path)
                let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
                #expect(try bytes == Fixtures.bytes(name))
            }
            #expect(problem { try saveIDX(Tensor([1]), to: path) }.contains("no int64"))
            #expect(problem { try saveIDX(Tensor(1.0), to: path) }.contains("1 to 4 dimensions"))
        }
    }

    @Test func tablesComeBack() throws {
        try withTemporaryFile([], named: "t.csv") { path in
            let numbers = Tensor([[0.1, -1e-30], [3e22, 5]], dtype: .float64)
            try saveCSV(numbers, to: path, columns: ["a,b", "say \"x\""])
            let table = try CSVTable(readingFrom: path)
            #expect(table.columns == ["a,b", "say \"x\""])
            #expect(table.values == [0.1, -1e-30, 3e22, 5])
            try saveCSV(Tensor([1, -2, 3]), to: path)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "1\n-2\n3\n")
            try saveCSV(Tensor([[0.1], [2]]), to: path)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "0.1\n2.0\n")
            #expect(try load(from: path)["tensor"]?.shape == [2, 1])
            #expect(
                problem { try saveCSV(Tensor([.nan] as [Float]), to: path) }.contains("no spelling")
            )
            #expect(problem { try saveCSV(Tensor(1), to: path) }.contains("rows and columns"))
            #expect(throws: TensorError.self) {
                try catchingTensorErrors { try saveCSV(numbers, to: path, columns: ["a"]) }
            }
            #expect(try load(from: path)["tensor"]?.shape == [2, 1])
        }
    }

    @Test func tablesAreKnownByTheirContent() throws {
        func format(_ text: String) throws -> TensorFileFormat {
            try withTemporaryFile(text.utf8) { try TensorFileFormat(ofFileAt: $0) }
        }
        #expect(try format("1,2\n") == .csv)
        #expect(try format("width,height\r\n1,2\r\n") == .csv)
        #expect(try format("{\"weight_map\": {}}") == .safetensorsIndex)
        #expect(try format("\u{1}\0\0\0\0\0\0\0") == .safetensors)
        let words = problem {
            try withTemporaryFile("Dear reader,\n".utf8) { try load(from: $0) }
        }
        #expect(words.contains("no row of numbers"))
    }

    @Test(.needsZlib) func packedTablesAreTables() throws {
        // python3: gzip.compress(b"a,b\n1,2\n", mtime=0)
        let packed: [UInt8] = [
            31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 75, 212, 73, 226, 50, 212, 49, 226, 2, 0, 123, 7,
            151, 10, 8, 0, 0, 0,
        ]
        try withTemporaryFile(packed) { path in
            let table = try load(from: path)["tensor"]
            #expect(table?.array(as: Int.self) == [1, 2])
        }
    }

    @Test(.needsPNG) func imagesAreTensors() throws {
        let path = Fixtures.path("images/rgb.png")
        #expect(try TensorFileFormat(ofFileAt: path) == .png)
        #expect(try load(from: path)["tensor"]?.shape == [3, 4, 5])
        #expect(try TensorFileFormat(ofFileAt: Fixtures.path("images/rgb.jpg")) == .jpeg)
    }
}
