"""A workforce of eight records, in the files that an analyst would provide."""

TABLES = """tables = [["grade", "ethnicity"], ["grade", "sex"]]
[hierarchies]
ethnicity = ["ethgroup", "ethnicity"]
"""
CELLS = """grade,sex,ethgroup,ethnicity,n
G1,F,White,W_British,41
G1,M,White,W_Irish,12
G1,F,Asian,A_Chinese,3
G1,M,Asian,A_Indian,9
G2,M,White,W_British,30
G2,F,White,W_Irish,6
G2,F,Asian,A_Chinese,8
G2,M,Asian,A_Indian,2
"""
