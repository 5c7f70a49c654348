import AdjointCore
import Foundation
import Testing

@testable import AdjointConformance

/// Which dtypes an operator takes, and what it makes of them: PyTorch's table, on the first of the
/// recorded calls of each operator.
@Suite struct DTypeTests {
    /// A row of the table: an operator, and for each input dtype those of the results.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let results: [(input: DType, outputs: [DType])]
        var testDescription: String { name }
    }

    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    static let table: [Row] = {
        let data = try? Data(contentsOf: fixtures.appendingPathComponent("dtypes.json"))
        let rows = data.flatMap {
            try? JSONDecoder().decode([String: [String: [String]]].self, from: $0)
        }
        return (rows ?? [:]).map { name, results in
            let pairs = results.sorted { $0.key < $1.key }.compactMap { input, outputs in
                (try? DType(recorded: input)).map { input in
                    (input, outputs.compactMap { try? DType(recorded: $0) })
                }
            }
            return Row(name: name, results: pairs)
        }.sorted { $0.name < $1.name }
    }()

    @Test("the table is there, whole")
    func whole() {
        #expect(Self.table.count == 449)
        #expect(Self.table.allSatisfy { !$0.results.isEmpty })
    }

    @Test("results have PyTorch's dtypes", arguments: table)
    func dtypes(_ row: Row) throws {
        let file = Self.fixtures.appendingPathComponent("cases/\(row.name).jsonl")
        let line = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))[0]
        let object = try #require(
            try ExactJSON.value(line) as? [String: Any])
        let recorded = try Case(object)
        let call = try #require(
            Calls.all.call(recorded.op, variant: recorded.variant), "there is no \(row.name)")
        for (input, outputs) in row.results {
            do {
                let got = try catchingTensorErrors {
                    try call(recorded.arguments(in: input)).compactMap { ($0 as? Tensor)?.dtype }
                }
                #expect(got == outputs, "\(row.name) of \(input)")
            } catch {
                Issue.record("\(row.name) of \(input): \(error)")
            }
        }
    }
}

extension Case {
    /// The arguments, with the dtype of the first tensor replaced by another; positions, masks and
    /// whatever else is of another dtype stay. A call that makes a tensor, which names a device,
    /// has its dtype as an option.
    fileprivate func arguments(in dtype: DType) -> Arguments {
        let own = kwargs["device"] == nil ? inputs.first?.tensor.dtype : nil
        let tensors = inputs.map { input in
            let made = input.tensor.tensor()
            if made.dtype != own { return made }
            // Numbers that every dtype has.
            return dtype.isFloatingPoint ? made.to(dtype) : made.abs().to(dtype)
        }
        var options = kwargs.mapValues { option in
            if case .dtype = option, own == nil { return RecordedArgument.dtype(dtype) }
            return option
        }
        // Products of whole numbers take no other factors.
        for factor in ["alpha", "beta"] where !dtype.isFloatingPoint && options[factor] != nil {
            options[factor] = .int(2)
        }
        return Arguments(args, options, tensors)
    }
}
