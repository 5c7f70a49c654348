import Adjoint
import Foundation
import Testing

@testable import AdjointTraining

@Suite struct DigitsTests {
    @Test func allOfThemAreThere() {
        let digits = Digits.load()
        #expect(digits.count == 1797)
        #expect(digits.shape == [1, 8, 8])
        #expect(Set(digits.labels) == Set(0...9))
        #expect(digits.features.allSatisfy { (0...16).contains($0) && $0 == $0.rounded() })
        #expect(digits.features.reduce(0, +) == 561_718)
        #expect(digits.labels.reduce(0, +) == 8_070)
        #expect(Array(digits.example(0).prefix(8)) == [0, 0, 5, 13, 9, 1, 0, 0])
        #expect(digits.labels.prefix(10) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    }
}

@Suite struct HeldOutSplitTests {
    @Test func dividesAllExamplesInTwo() {
        let split = HeldOutSplit(count: 1797, seed: 0)
        #expect(split.heldOut.count == 359)
        #expect((split.heldOut + split.training).sorted() == Array(0..<1797))
        #expect(split == HeldOutSplit(count: 1797, seed: 0))
        #expect(split != HeldOutSplit(count: 1797, seed: 1))
        #expect(HeldOutSplit(count: 2, seed: 0).heldOut.count == 1)
    }

    /// The sequence of the authors' C program for the seed 0.
    @Test func theGeneratorIsSplitMix64() {
        var generator = SplitMix64(seed: 0)
        #expect(generator.next() == 0xE220_A839_7B1D_CDAF)
        #expect(generator.next() == 0x6E78_9E6A_A1B9_65F4)
    }
}

@Suite struct ReadingExamplesTests {
    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "nothing was thrown"
        } catch { return "\(error)" }
    }

    @Test func aTableGivesItsOtherColumns() throws {
        try withFiles(["t.csv": "x,label,y\n1,5,2\n3,-1,4\n5,5,6\n"]) { path in
            let examples = try ExampleSet(
                trainingOn: .table(path: path("t.csv"), label: "label"))
            #expect(examples.features == [1, 2, 3, 4, 5, 6])
            #expect(examples.columnNames == ["x", "y"])
            #expect(examples.classNames == ["-1", "5"])
            #expect(examples.labels == [1, 0, 1])
            let inputs = ModelInputs(training: examples, labelName: "label")
            #expect(inputs.mean == [3, 4])
            // New data: other order, another column, no label.
            try "y,z,x\n20,0,10\n".write(toFile: path("n.csv"), atomically: true, encoding: .utf8)
            let new = try ExampleSet(
                reading: .table(path: path("n.csv"), label: nil), for: inputs)
            #expect(new.features == [10, 20] && new.labels.isEmpty)
        }
    }

    @Test func badLabelsAreNamedByLine() throws {
        let files = [
            "half.csv": "x,label\n1,0\n2,0.5\n", "one.csv": "x,label\n1,3\n2,3\n",
            "alone.csv": "label\n1\n2\n", "new.csv": "x,label\n1,0\n1,9\n", "none.csv": "x,label\n",
        ]
        try withFiles(files) { path in
            func train(_ name: String) -> String {
                message { _ = try ExampleSet(trainingOn: .table(path: path(name), label: "label")) }
            }
            #expect(
                train("half.csv").contains("line 3, column \"label\": the label 0.5 is no whole"))
            #expect(train("one.csv").contains("all labels are 3"))
            #expect(train("alone.csv").contains("no column beside the label"))
            #expect(train("none.csv") != "nothing was thrown")
            let inputs = ModelInputs(
                training: ExampleSet(
                    features: [1, 2], shape: [1], labels: [0, 1], classNames: ["0", "1"],
                    columnNames: ["x"]), labelName: "label")
            #expect(
                message {
                    _ = try ExampleSet(
                        reading: .table(path: path("new.csv"), label: "label"), for: inputs)
                }.contains("line 3, column \"label\": the model knows no class 9"))
        }
    }

    @Test func imagesAndLabelsMustFit() throws {
        let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]
        let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 9, 4]
        let three: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 3, 9, 4, 1]
        try withFiles([:]) { path in
            try Data(images).write(to: URL(fileURLWithPath: path("images")))
            try Data(labels).write(to: URL(fileURLWithPath: path("labels")))
            try Data(three).write(to: URL(fileURLWithPath: path("three")))
            let examples = try ExampleSet(
                trainingOn: .images(path: path("images"), labels: path("labels")))
            #expect(examples.shape == [1, 1, 2])
            #expect(examples.classNames == ["4", "9"])
            #expect(examples.labels == [1, 0])
            for (first, second, problem) in [
                ("images", "three", "3 labels do not fit the 2 images"),
                ("labels", "labels", "single numbers where images were expected"),
                ("images", "images", "labels were expected, one number an image"),
            ] {
                #expect(
                    message {
                        _ = try ExampleSet(
                            trainingOn: .images(path: path(first), labels: path(second)))
                    }.contains(problem))
            }
        }
    }
}
