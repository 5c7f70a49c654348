import Adjoint
import Foundation

/// A way to save, and what is saved by it: versions that differ in every number and in size, so that
/// a file that mixes two of them is known for what it is.
struct SaveFormat: Sendable {
    let name: String
    /// The file that whoever loads names.
    let file: String
    let save: @Sendable (StateDict, String) throws -> Void
    let load: @Sendable (String) throws -> StateDict
    /// One tensor alone is saved, in this type.
    var single: DType?

    static let all = [
        SaveFormat(
            name: "safetensors", file: "w.safetensors",
            save: { try Adjoint.save($0, to: $1) }, load: { try Adjoint.load(from: $0) }),
        SaveFormat(
            name: "training-state", file: "state.safetensors",
            save: { state, path in
                try TrainingState(model: state, notes: ["step": "1"]).save(to: path)
            }, load: { try TrainingState(from: $0).model }),
        SaveFormat(
            name: "npz", file: "w.npz",
            save: { try saveNumpyArchive($0, to: $1) }, load: { try loadNumpyArchive(from: $0) }),
        SaveFormat(
            name: "pt", file: "w.pt",
            save: { try savePyTorch($0, to: $1) }, load: { try Adjoint.load(from: $0) }),
        SaveFormat(
            name: "sharded", file: "model.safetensors.index.json",
            save: { state, path in
                try saveSharded(
                    state, to: (path as NSString).deletingLastPathComponent, maxShardBytes: 300_000)
            }, load: { try Adjoint.load(from: $0) }),
        SaveFormat(
            name: "npy", file: "w.npy",
            save: { try saveNumpy($0["whole"]!, to: $1) },
            load: { ["whole": try loadNumpy(from: $0)] }, single: .float32),
        SaveFormat(
            name: "idx", file: "w.idx",
            save: { try saveIDX($0["whole"]!, to: $1) },
            load: { ["whole": try loadIDX(from: $0)] }, single: .int32),
        SaveFormat(
            name: "csv", file: "w.csv",
            save: { try saveCSV($0["whole"]!, to: $1) },
            load: { ["whole": try Adjoint.load(from: $0)["tensor"]!.squeeze(1)] },
            single: .float64),
    ]

    static func named(_ names: some Sequence<String>) throws -> [SaveFormat] {
        let formats = try names.map { name in
            guard let format = all.first(where: { $0.name == name }) else {
                throw Failure(
                    "there is no format \(name); the formats are "
                        + all.map(\.name).joined(separator: ", "))
            }
            return format
        }
        return formats.isEmpty ? all : formats
    }

    /// What is saved as version `number`, about a megabyte; a thousandth of that if `isSmall`.
    func version(_ number: Int, isSmall: Bool = false) -> StateDict {
        let size = (isSmall ? 40 : 40_000) + 100 * (number % 7)
        if let single {
            return [
                "whole": Tensor.full([size / (name == "csv" ? 2 : 1)], Double(number)).to(single)
            ]
        }
        var state: StateDict = ["number": Tensor(number)]
        for i in 0..<6 { state["part\(i)"] = Tensor.full([size], Double(number)) }
        return state
    }

    /// The number of the version that the file holds.
    ///
    /// - Throws: A `Failure` unless it is exactly that version.
    func version(in folder: String) throws -> Int {
        let state: StateDict
        do {
            state = try load(folder + "/" + file)
        } catch {
            throw Failure("\(name): the file cannot be read: \(error)")
        }
        let first = state["number"] ?? state["whole"]?.flatten()
        let number = Int((first?.flatten().array(as: Double.self).first) ?? -1)
        for isSmall in [true, false] {
            let expected = version(number, isSmall: isSmall)
            let isSame = expected.allSatisfy { name, tensor in
                guard let other = state[name], other.shape == tensor.shape else { return false }
                return other.dtype == tensor.dtype && (other .!= tensor).sum().item() as Int == 0
            }
            if isSame, state.count == expected.count { return number }
        }
        throw Failure("\(name): the file holds no version whole, but looks like \(number)")
    }

    /// Names in the folder that no finished save leaves there, hidden ones too.
    func strays(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            $0 != file && !($0.hasPrefix("model-") && $0.hasSuffix(".safetensors"))
        }.sorted()
    }
}

/// The process that saves, version after version, until it is ended.
struct SaveLoop {
    let options: Options

    init(_ options: Options) { self.options = options }

    func run() throws {
        let format = try SaveFormat.named(options.names.dropFirst())[0]
        let path =
            try options.folder.map { "\($0)/\(format.file)" } ?? { throw Failure("no folder") }()
        var number = options.first
        while true {
            try format.save(format.version(number), path)
            if number == options.first {
                FileHandle.standardOutput.write(Data("ready\n".utf8))
            }
            number += 1
        }
    }
}
