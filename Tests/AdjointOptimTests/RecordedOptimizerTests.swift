import Adjoint
import AdjointTesting
import Foundation
import Testing

struct RecordedTensor: Decodable, Sendable {
    let shape: [Int]
    let data: [Double]
    var tensor: Tensor { Tensor(data, shape: shape) }
}

/// An option: a number, a truth value or a list of numbers.
enum RecordedOption: Decodable, Sendable {
    case bool(Bool)
    case number(Double)
    case list([Double])
    case text(String)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode([Double].self) {
            self = .list(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    var double: Double? { if case .number(let value) = self { value } else { nil } }
    var bool: Bool { if case .bool(let value) = self { value } else { false } }
    var list: [Double]? { if case .list(let value) = self { value } else { nil } }
    var text: String? { if case .text(let value) = self { value } else { nil } }
}

func recordedLines<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> [T] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let text = try String(
        contentsOf: folder.appendingPathComponent("Fixtures/\(name)"), encoding: .utf8)
    return try text.split(separator: "\n").map {
        try JSONDecoder().decode(T.self, from: Data($0.utf8))
    }
}

struct RecordedOptimizer: Decodable, Sendable, CustomTestStringConvertible {
    let optimizer: String
    let options: [String: RecordedOption]
    let start: [RecordedTensor]
    let target: [RecordedTensor]
    let losses: [Double]
    let trajectory: [[RecordedTensor]]

    var testDescription: String { "\(optimizer) \(options)" }

    func make(_ parameters: [Tensor]) -> (any Optimizer)? {
        func number(_ name: String, _ standard: Double) -> Double {
            options[name]?.double ?? standard
        }
        let betas = options["betas"]?.list ?? [0.9, 0.999]
        switch optimizer {
        case "SGD":
            return SGD(
                parameters, learningRate: number("lr", 1e-3), momentum: number("momentum", 0),
                dampening: number("dampening", 0), weightDecay: number("weight_decay", 0),
                nesterov: options["nesterov"]?.bool ?? false,
                maximize: options["maximize"]?.bool ?? false)
        case "Adam":
            return Adam(
                parameters, learningRate: number("lr", 1e-3), betas: (betas[0], betas[1]),
                eps: number("eps", 1e-8), weightDecay: number("weight_decay", 0),
                amsgrad: options["amsgrad"]?.bool ?? false)
        case "AdamW":
            return AdamW(
                parameters, learningRate: number("lr", 1e-3), betas: (betas[0], betas[1]),
                eps: number("eps", 1e-8), weightDecay: number("weight_decay", 1e-2),
                amsgrad: options["amsgrad"]?.bool ?? false)
        default: return nil
        }
    }
}

@Suite struct RecordedOptimizerTests {
    static let lines = (try? recordedLines("optimizers.jsonl", as: RecordedOptimizer.self)) ?? []

    @Test func fixturesAreThere() { #expect(RecordedOptimizerTests.lines.count == 10) }

    @Test(arguments: RecordedOptimizerTests.lines)
    func agrees(_ recorded: RecordedOptimizer) throws {
        let parameters = recorded.start.map { Parameter($0.tensor) }
        let targets = recorded.target.map(\.tensor)
        let optimizer = try #require(recorded.make(parameters))
        for (wanted, after) in zip(recorded.losses, recorded.trajectory) {
            let loss = optimizer.step {
                optimizer.zeroGrad()
                var loss = Tensor(0.0, dtype: .float64)
                for (p, t) in zip(parameters, targets) {
                    loss = loss + ((p - t) ** 2).sum() + 0.1 * (p ** 4).sum()
                }
                loss.backward()
                return loss
            }
            #expect(abs(loss.item(as: Double.self) - wanted) <= 1e-8 + 1e-6 * abs(wanted))
            for (parameter, step) in zip(parameters, after) {
                try expectClose(parameter, step.tensor, atol: 1e-8, rtol: 1e-6)
            }
        }
    }
}
