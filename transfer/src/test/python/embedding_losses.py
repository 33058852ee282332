"""Prints sentence-transformers' losses for EmbeddingTuningTest: python embedding_losses.py FOLDER"""

import sys

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer import losses

model = SentenceTransformer(sys.argv[1], device="cpu").eval()
anchors = ["the old house", "a dark night", "we sing songs"]
positives = ["a house by the river", "the night was dark", "singing"]
negatives = ["winter", "the house", "the river and the tree"]


def features(texts):
    tokens = getattr(model, "preprocess", None) or model.tokenize
    return tokens(texts)


with torch.no_grad():
    pair = [features(anchors), features(positives)]
    print("ranking", losses.MultipleNegativesRankingLoss(model)(pair, None).item())
    pair = [features(anchors), features(positives)]
    print("cosine", losses.CosineSimilarityLoss(model)(pair, torch.tensor([0.9, 0.5, -0.2])).item())
    triple = [features(anchors), features(positives), features(negatives)]
    print("triplet", losses.TripletLoss(model)(triple, None).item())
