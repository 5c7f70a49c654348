import Adjoint
import Testing

@Suite struct TableDatasetTests {
    private func problem(_ text: String, _ read: (String) throws -> CSVDataset) -> String {
        AdjointDataTests.problem { try withTemporaryFile(text.utf8, named: "t.csv", read) }
    }

    @Test func rowsAreExamples() throws {
        try withTemporaryFile("width,kind,height\n1.5,0,2\n3,2,4.25\n".utf8, named: "t.csv") {
            path in
            let rows = try CSVDataset(path, target: "kind")
            #expect(
                rows.columns == ["width", "height"] && rows.target == "kind" && rows.count == 2)
            #expect(
                rows[1].0.array(as: Float.self) == [3, 4.25] && rows[1].1.item(as: Int.self) == 2)
            #expect(rows.targets.dtype == .int64 && rows.inputs.dtype == .float32)
            let (x, y) = try #require(Array(DataLoader(rows, batchSize: 2)).first)
            #expect(x.nestedArray2D(as: Float.self) == [[1.5, 2], [3, 4.25]])
            #expect(y.array(as: Int.self) == [0, 2])
            let chosen = try CSVDataset(path, inputs: ["kind"], targetType: .float32)
            #expect(chosen.target == "height" && chosen.targets.array(as: Float.self) == [2, 4.25])
            #expect(chosen.inputs.array(as: Float.self) == [0, 2])
        }
    }

    @Test func tablesThatDoNotFitAreRefused() {
        #expect(
            problem("a,b\n1,2\n\n1,2.5\n") { try CSVDataset($0) }
                .contains("line 4, column \"b\": 2.5 is no whole number"))
        #expect(problem("a\n1\n") { try CSVDataset($0) }.contains("no column is left"))
        #expect(
            problem("a,b\n1,2\n") { try CSVDataset($0, target: "c") }.contains("no column \"c\""))
        #expect(
            problem("a,b\n1,2\n") { try CSVDataset($0, inputs: ["x"]) }.contains("no column \"x\""))
    }

    @Test func imagesAndLabelsBelongTogether() throws {
        let (images, labels) = (
            Fixtures.path("images.idx3-ubyte"), Fixtures.path("labels.idx1-ubyte")
        )
        let digits = try IDXDataset(images: images, labels: labels)
        #expect(digits.count == 3 && digits.images.shape == [3, 1, 4, 4])
        #expect(digits[2].0.shape == [1, 4, 4] && digits[2].0[0, 0, 0].item(as: Int.self) == 32)
        #expect(digits[0].1.dtype == .int64 && digits.labels.array(as: Int.self) == [7, 0, 9])
        let floats = digits.map(inputs: ToFloat())
        #expect(Array(DataLoader(floats, batchSize: 3))[0].0.shape == [3, 1, 4, 4])
        let swapped = AdjointDataTests.problem { try IDXDataset(images: labels, labels: images) }
        #expect(swapped.contains("images of bytes were expected"))
        let twice = AdjointDataTests.problem { try IDXDataset(images: images, labels: images) }
        #expect(twice.contains("one label an image"))
        try withTemporaryFile([0, 0, 8, 1, 0, 0, 0, 2, 1, 2]) { path in
            let few = AdjointDataTests.problem { try IDXDataset(images: images, labels: path) }
            #expect(few.contains("2 labels for 3 images"))
        }
    }
}
