import Adjoint
import Foundation

/// A tensor as the fixtures write it.
struct RecordedTensor: Decodable, Sendable {
    let shape: [Int]
    let dtype: String
    let data: [Double]

    var tensor: Tensor {
        let dtype = DType.allCases.first { $0.description == self.dtype } ?? .float64
        return Tensor(data, shape: shape).to(dtype)
    }
}

/// An option of a layer: a number, a truth value, a word or a list.
enum RecordedOption: Decodable, Sendable {
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([Int])
    case null

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode([Int].self) {
            self = .list(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    var int: Int? { if case .number(let value) = self { Int(value) } else { nil } }
    var double: Double? { if case .number(let value) = self { value } else { nil } }
    var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    var text: String? { if case .text(let value) = self { value } else { nil } }
    var sizes: [Int]? {
        switch self {
        case .number(let value): [Int(value)]
        case .list(let list): list
        default: nil
        }
    }
}

/// The lines of a file in the folder Fixtures beside this file.
func recordedLines<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> [T] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let text = try String(
        contentsOf: folder.appendingPathComponent("Fixtures/\(name)"), encoding: .utf8)
    return try text.split(separator: "\n").map {
        try JSONDecoder().decode(T.self, from: Data($0.utf8))
    }
}
