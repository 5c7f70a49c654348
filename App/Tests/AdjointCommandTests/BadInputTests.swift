import Foundation
import Testing

/// Whatever is wrong: one line on the standard error, its exit status, and no trace in the folder.
@Suite(.serialized) struct BadInputTests {
    private static let files = [
        "good.csv": "x,y,label\n1,2,0\n2,1,1\n3,4,0\n4,3,1\n5,6,0\n6,5,1\n",
        "text.csv": "x,name,label\n1,2,0\n2,bob,1\n", "ragged.csv": "x,label\n1,0\n2\n",
        "empty.csv": "", "idx": "\0\0\u{8}\u{3}\0\0\0\u{2}\0\0",
    ]

    @Test(arguments: [
        (["trian"], "there is no command 'trian'; did you mean 'train'?"),
        (["train", "--epoch", "3"], "--epochs"),
        (["train", "--epochs", "many"], "many"),
        (["train", "--epochs", "0"], "give a whole number from 1"),
        (["train", "--batch-size", "-3"], "--batch-size is -3"),
        (["train", "--learning-rate", "nan"], "give a number above 0"),
        (["train", "--model", "cnnn"], "cnn"),
        (["train", "--data", "good.csv"], "--data needs --label"),
        (["train", "--label", "x"], "--label needs --data"),
        (["train", "--images", "idx"], "--images needs --labels"),
        (
            ["train", "--data", "good.csv", "--label", "label", "--images", "idx"],
            "exclude each other"
        ),
        (["train", "--resume", "runs/x", "--epochs", "3"], "--resume goes on as the run began"),
        (["predict"], "model"),
    ])
    func usage(arguments: [String], message: String) throws {
        try check(arguments, status: 2, message: message)
    }

    @Test(arguments: [
        (["--data", "none.csv", "--label", "label"], "none.csv: there is no such file"),
        (["--data", "text.csv", "--label", "label"], "text.csv, line 3, column \"name\": \"bob\""),
        (["--data", "ragged.csv", "--label", "label"], "ragged.csv, line 3: the row has 1 cells"),
        (["--data", "empty.csv", "--label", "label"], "empty.csv: the file holds no table"),
        (["--data", "good.csv", "--label", "lable"], "did you mean \"label\"?"),
        (["--data", "good.csv", "--label", "label", "--model", "cnn"], "--model mlp"),
        (["--data", "idx", "--label", "label"], "this is no text file"),
        (["--images", "idx", "--labels", "idx"], "truncated"),
        (["--images", "good.csv", "--labels", "idx"], "this is no IDX file"),
        (["--output", "good.csv"], "the output folder good.csv exists already"),
        (["--output", "good.csv/run"], "good.csv"),
        (["--resume", "nowhere"], "there is no folder nowhere"),
        (
            ["--epochs", "1", "--learning-rate", "1e30", "--optimizer", "sgd"],
            "lower --learning-rate"
        ),
    ])
    func training(arguments: [String], message: String) throws {
        try check(["train"] + arguments, status: 1, message: message)
    }

    @Test func usingAModel() throws {
        try withFolder(Self.files) { folder in
            let train = try AdjointProcess(
                [
                    "train", "--data", "good.csv", "--label", "label", "--epochs", "1", "--output",
                    "m",
                ],
                in: folder)
            #expect(train.status == 0)
            for (arguments, message) in [
                (["predict", "nowhere"], "there is no model at nowhere"),
                (["predict", "."], "config.json"),
                (["predict", "m"], "--data"),
                (["predict", "m", "--data", "ragged.csv"], "ragged.csv, line 3"),
                (["predict", "m", "--images", "idx"], "truncated"),
                (["evaluate", "m", "--data", "text.csv"], "line 3, column \"name\""),
            ] {
                let process = try AdjointProcess(arguments, in: folder)
                #expect(process.status == 1, "\(arguments)")
                #expect(process.output.isEmpty)
                #expect(process.errors.contains(message), "\(process.errors)")
                #expect(process.errors.split(separator: "\n").count == 1, "\(process.errors)")
            }
            // A model file that was cut short, and one that is none.
            let model = folder.appendingPathComponent("m/model.safetensors")
            let bytes = try Data(contentsOf: model)
            for damaged in [bytes.dropLast(3), Data("hello".utf8), Data()] {
                try damaged.write(to: model)
                let process = try AdjointProcess(
                    ["predict", "m", "--data", "good.csv"], in: folder)
                #expect(process.status == 1)
                #expect(process.errors.contains("model.safetensors"), "\(process.errors)")
                #expect(process.errors.split(separator: "\n").count == 1)
            }
        }
    }

    @Test func helpAndVersionAreNoErrors() throws {
        try withFolder { folder in
            for arguments in [["--help"], ["train", "--help"], ["--version"], []] {
                let process = try AdjointProcess(arguments, in: folder)
                #expect(process.status == 0 && process.errors.isEmpty && !process.output.isEmpty)
            }
        }
    }

    private func check(_ arguments: [String], status: Int32, message: String) throws {
        try withFolder(Self.files) { folder in
            let before = names(in: folder)
            let process = try AdjointProcess(arguments, in: folder)
            #expect(process.status == status, "\(process.errors)")
            #expect(process.errors.contains(message), "\(process.errors)")
            #expect(process.errors.split(separator: "\n").count == 1, "\(process.errors)")
            #expect(names(in: folder).filter { $0 != "runs" } == before)
            #expect(names(in: folder, "runs").isEmpty)
        }
    }
}
