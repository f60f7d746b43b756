"""Random options and shapes for layers.py, of attention, transformers and what takes several tensors. With several
inputs the shape is a list of shapes."""

import random


def maybe(options, name, draw, chance=0.5):
    if random.random() < chance:
        options[name] = draw()


def near(value, chance=0.9):
    return value if random.random() < chance else random.randint(1, 8)


def sequence(features=None):
    """Mostly of two dimensions."""
    shape = [random.randint(1, 5) for _ in range(random.choice([1, *[2] * 8, 3]))]
    if features is not None:
        shape[-1] = features
    return shape


def features():
    return random.choice([4, 6, 8, 12])


def heads():
    return random.choice([1, 2, 2, 4, 3])


def multihead_attention():
    width = features()
    options = {"embed_dim": near(width), "num_heads": heads()}
    maybe(options, "bias", lambda: False, 0.3)
    maybe(options, "add_bias_kv", lambda: True, 0.3)
    maybe(options, "add_zero_attn", lambda: True, 0.3)
    maybe(options, "dropout", lambda: 0.2, 0.2)
    maybe(options, "is_causal", lambda: True, 0.3)
    maybe(options, "inputs", lambda: random.choice([2, 2, 3]))
    count = options.get("inputs", 1)
    if count == 1:
        return options, sequence(width)
    keys, values = random.choice([width, 5]), random.choice([width, 3])
    values = keys if count == 2 else values
    options |= {"kdim": near(keys), "vdim": near(values)}
    first, second = sequence(width), sequence(keys)
    third = [*second[:-1], values] if random.random() < 0.8 else sequence(values)
    return options, [first, second, third][:count]


def self_attention():
    width = features()
    options = {"dim": near(width), "heads": heads()}
    maybe(options, "norm", lambda: True)
    maybe(options, "dropout", lambda: 0.2, 0.2)
    maybe(options, "is_causal", lambda: True, 0.3)
    return options, sequence(width)


def transformer(*counts, inputs=1):
    """`counts`: names of options that say how many layers there are."""

    def draw():
        width = features()
        options = {"d_model": near(width), "nhead": heads(), "dim_feedforward": random.randint(1, 9)}
        for name in counts:
            options[name] = random.randint(1, 2)
        maybe(options, "activation", lambda: "gelu", 0.3)
        maybe(options, "norm_first", lambda: True, 0.3)
        maybe(options, "bias", lambda: False, 0.3)
        maybe(options, "is_causal", lambda: True, 0.3)
        if "num_layers" in counts:
            maybe(options, "norm", lambda: True)
        shapes = [sequence(near(width)) for _ in range(inputs)]
        return options, shapes[0] if inputs == 1 else shapes

    return draw


def bilinear():
    outer = [random.randint(1, 4) for _ in range(random.randint(0, 2))]
    one, two = random.randint(1, 5), random.randint(1, 5)
    options = {"in1_features": near(one), "in2_features": near(two), "out_features": random.randint(1, 5)}
    maybe(options, "bias", lambda: False, 0.3)
    other = outer if random.random() < 0.8 else [*outer, 2]
    return options, [[*outer, one], [*other, two]]


def pairs(**options):
    def draw():
        shape = [random.randint(1, 4) for _ in range(random.randint(1, 3))]
        other = shape if random.random() < 0.8 else [*shape[:-1], shape[-1] + 1]
        drawn = {name: value() for name, value in options.items() if random.random() < 0.5}
        return drawn, [shape, other]

    return draw


def along(is_new):
    """Shapes that differ in one dimension, mostly the right one for Cat."""

    def draw():
        rank, count = random.randint(1, 3), random.randint(2, 3)
        shape = [random.randint(1, 4) for _ in range(rank)]
        # Not the batch.
        dim = random.choice([at for at in range(-rank - is_new, rank + 1 + is_new) if at != 0])
        at = (dim - 1 if dim > 0 else dim + rank) if random.random() < 0.8 else random.randrange(rank)
        shapes = [list(shape) for _ in range(count)]
        if 0 <= at < rank and (not is_new or random.random() < 0.3):
            shapes[-1][at] += random.randint(0, 2)
        return {"dim": dim, "inputs": count}, shapes

    return draw


def broadcast():
    rank, count = random.randint(1, 3), random.randint(2, 3)
    shape = [random.randint(1, 3) for _ in range(rank)]
    shapes = [[random.choice([size, size, 1]) for size in shape] for _ in range(count)]
    if random.random() < 0.2:
        shapes[-1] = random.choice([[*shapes[-1], 2], [size + 1 for size in shapes[-1]]])
    return {"inputs": count}, shapes


def matrices():
    outer = [random.randint(1, 3) for _ in range(random.randint(0, 1))]
    sizes = [random.randint(1, 4) for _ in range(4)]
    count = random.randint(2, 3)
    shapes = [[*outer, near(sizes[at]), sizes[at + 1]] for at in range(count)]
    if random.random() < 0.1:
        shapes[0] = shapes[0][:-1]
    return {"inputs": count}, shapes


DRAWS = {
    "MultiheadAttention": (multihead_attention, 80),
    "SelfAttention": (self_attention, 40),
    "TransformerEncoderLayer": (transformer(), 40),
    "TransformerEncoder": (transformer("num_layers"), 30),
    "TransformerDecoderLayer": (transformer(inputs=2), 40),
    "TransformerDecoder": (transformer("num_layers", inputs=2), 30),
    "Transformer": (transformer("num_encoder_layers", "num_decoder_layers", inputs=2), 30),
    "Bilinear": (bilinear, 40),
    "PairwiseDistance": (pairs(p=lambda: 1.0, keepdim=lambda: True), 30),
    "CosineSimilarity": (pairs(dim=lambda: random.choice([1, -1, 2])), 40),
    "Cat": (along(is_new=False), 60),
    "Stack": (along(is_new=True), 40),
    "Add": (broadcast, 30),
    "Mul": (broadcast, 30),
    "MatMul": (matrices, 40),
}
